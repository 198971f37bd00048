// Owns how a name that is already used in a workspace is recognised. Does not check other constraints.

/** Another object of the same kind has this name. */
export class NameTakenError extends Error {
  override readonly name = 'NameTakenError';

  constructor(readonly taken: string) {
    super(`the name "${taken}" is already used`);
  }
}

const uniqueViolation = '23505';

/** Runs `write` and turns the violation of a `…_name_unique` constraint into NameTakenError. */
export async function withUniqueName<Result>(name: string, write: () => Promise<Result>): Promise<Result> {
  try {
    return await write();
  } catch (error) {
    const { code, constraint } = error as { code?: string; constraint?: string };
    if (code === uniqueViolation && constraint?.endsWith('_name_unique')) throw new NameTakenError(name);
    throw error;
  }
}
