// Owns the answer to one piece of a batch: what each of its rows came to. Row indexes count from the piece's first row.
import type { RowOutcome } from '../../../../domain/row-outcome';

/** A refused row of a piece, in the destination's words. */
export interface Refused {
  readonly row: number;
  readonly field: string | null;
  readonly message: string;
  readonly code: string;
}

/** One outcome per row, and a refusal for each `failed`. */
export interface PieceAnswer {
  readonly outcomes: readonly RowOutcome[] | Uint8Array;
  readonly refusals: readonly Refused[];
}
