// Owns the sentences for faults whose schema has no words of its own. Which faults there are is validate's.
import type { z } from 'zod';

const nouns: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  int: 'a whole number',
  number: 'a number',
  object: 'an object',
  record: 'an object',
  string: 'a text',
};

/** One sentence for a person; undefined leaves it to zod. */
export function faultWords(issue: z.core.$ZodRawIssue, place: 'query' | 'body'): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.input === undefined) return 'Is required.';
      if (place === 'query' && Array.isArray(issue.input)) return 'Must be given once.';
      return `Must be ${nouns[issue.expected] ?? issue.expected}.`;
    case 'invalid_value':
      return `Must be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.join(', ')}.`;
    case 'too_small':
      return bounds(issue.origin, issue.minimum, 'or more');
    case 'too_big':
      return bounds(issue.origin, issue.maximum, 'at most');
    default:
      return undefined;
  }
}

function bounds(origin: string, limit: number | bigint, side: 'or more' | 'at most'): string {
  if (side === 'or more' && limit === 1 && origin !== 'number' && origin !== 'int')
    return 'Must not be empty.';
  if (origin === 'string') return `Must have ${limit} characters ${side}.`;
  if (origin === 'array') return `Must have ${limit} entries ${side}.`;
  return `Must be ${limit} ${side}.`;
}
