// Owns what a form of a schedule carries along to Temporal and back: which one it is, and the pause it was put with.
import type { ScheduleDefinition, ScheduleForm } from '../domain/schedule';

/** Field of the memo of the workflows that a schedule starts: there it stays whatever is done to the schedule. */
export const formField = 'scheduleForm';

export function formMemo({ revision, paused }: ScheduleDefinition): ScheduleForm {
  return { revision, paused };
}

/** The form in a memo as `plain` gives it, and the memo without it. */
export function formOf(memo: unknown): { form: ScheduleForm | null; otherMemo: { memo?: object } } {
  const { [formField]: ours, ...others } = { ...(memo as { fields?: Fields } | undefined)?.fields };
  const data = ours?.data;
  return {
    form: asForm(data === undefined ? null : jsonIn(Buffer.from(data, 'base64'))),
    otherMemo: Object.keys(others).length > 0 ? { memo: { fields: others } } : {},
  };
}

type Fields = Record<string, { readonly data?: string }>;

function asForm(value: unknown): ScheduleForm | null {
  const { revision, paused } = { ...(value as { revision?: unknown; paused?: unknown } | null) };
  if (typeof revision !== 'number' || paused === undefined) return null;
  const { note } = { ...paused } as { note?: unknown };
  return { revision, paused: paused === null ? null : { note: typeof note === 'string' ? note : '' } };
}

/** The value of a payload; null: it has none, or it is encoded in somebody else's way. */
export function jsonIn(data: Uint8Array | null | undefined): unknown {
  if (!data) return null;
  try {
    return JSON.parse(Buffer.from(data).toString());
  } catch {
    return null;
  }
}

/** A message of the wire as JSON: durations as text, enums as words, payloads in base64. */
export function plain(message: object | null | undefined): Record<string, unknown> {
  return (pruned(JSON.parse(JSON.stringify(message ?? {}))) ?? {}) as Record<string, unknown>;
}

// Another client writes an empty message where ours writes none; both mean the same.
function pruned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(pruned);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value)
    .map(([key, part]) => [key, pruned(part)] as const)
    .filter(([, part]) => part !== undefined && part !== null);
  return kept.length > 0 ? Object.fromEntries(kept) : undefined;
}
