// Owns waiting for something for so long and no longer. Ends nothing: what is late goes on.

/** What was asked, if it is answered within `ms`; else null. Rejects as it does. */
export async function within<Answer>(ms: number, asked: Promise<Answer>): Promise<Answer | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, ms, null);
  });
  try {
    return await Promise.race([asked, late]);
  } finally {
    clearTimeout(timer);
  }
}
