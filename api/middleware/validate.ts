// Owns checking queries and bodies against a zod schema, and saying each fault with a JSON pointer.
import { z } from 'zod';
import { type Fault, invalidRequest } from '../errors';
import { faultWords } from './fault-words';

const nothing = z.strictObject({});

/** The checked value, defaults filled in. Throws 400 with every fault; without a schema the value must be empty. */
export function validate<Value>(
  schema: z.ZodType<Value> | undefined,
  value: unknown,
  place: 'query' | 'body',
): Value {
  const parsed = (schema ?? (nothing as unknown as z.ZodType<Value>)).safeParse(value, {
    reportInput: true,
    error: (issue) => faultWords(issue, place),
  });
  if (parsed.success) return parsed.data;
  throw invalidRequest(parsed.error.issues.flatMap((issue) => faultsOf(issue, place)));
}

function faultsOf(issue: z.core.$ZodIssue, place: 'query' | 'body'): Fault[] {
  if (issue.code === 'unrecognized_keys') {
    const what = place === 'query' ? 'query parameter' : 'key';
    return issue.keys.map((key) => ({
      pointer: pointerOf([...issue.path, key]),
      code: 'unknown_key',
      detail: `There is no ${what} "${key}" here.`,
    }));
  }
  const isMissing = issue.code === 'invalid_type' && issue.input === undefined;
  const isCustom = issue.code === 'custom';
  return [
    {
      pointer: pointerOf(issue.path),
      code: isMissing
        ? 'required'
        : isCustom
          ? ((issue.params?.['code'] as string) ?? 'invalid_value')
          : issue.code,
      detail: issue.message,
    },
  ];
}

/** RFC 6901: `/mapping/2/column`; the whole value is the empty pointer. */
function pointerOf(path: readonly PropertyKey[]): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
