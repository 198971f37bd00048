// Owns which snapshot entries left the model; whether they are deleted or held is domain/deletes.ts.
import { marksOf } from './marks';
import type { Marks } from './marks';
import type { PackedSnapshot } from './packed-snapshot';
import { rowState } from '../../domain/row-state';

/** Live entries that no line had the key of, by ordinal, ascending. */
export interface Vanished {
  /** Rows the destination acknowledged once: to be deleted in mirror mode. */
  readonly deletes: Int32Array<ArrayBuffer>;
  /** Rows it never acknowledged and may have all the same: reported, never deleted. */
  readonly unsureNew: Int32Array<ArrayBuffer>;
  /** Rows it said it does not have: nothing to delete. */
  readonly missing: number;
}

export function vanishedOrdinals(snapshot: PackedSnapshot, marks: Marks): Vanished {
  const byState = new Uint32Array(rowState.unknown + 1);
  forEachUnseen(snapshot, marks, (_, state) => byState[state]!++);
  const deletes = new Int32Array(byState[rowState.known]! + byState[rowState.unsure]!);
  const unsureNew = new Int32Array(byState[rowState.unsureNew]!);
  let deleteAt = 0;
  let unsureAt = 0;
  forEachUnseen(snapshot, marks, (ordinal, state) => {
    if (state === rowState.known || state === rowState.unsure) deletes[deleteAt++] = ordinal;
    else if (state === rowState.unsureNew) unsureNew[unsureAt++] = ordinal;
  });
  return { deletes, unsureNew, missing: byState[rowState.missing]! };
}

function forEachUnseen(
  snapshot: PackedSnapshot,
  marks: Marks,
  visit: (ordinal: number, state: number) => void,
): void {
  for (let ordinal = 0; ordinal < snapshot.ordinals; ordinal++) {
    if (marksOf(marks, ordinal) === 0) visit(ordinal, snapshot.stateOf(ordinal));
  }
}
