// Owns the brake on deletes in mirror mode: when an unusual number of vanished rows is held back.

/** A run may delete this share of the snapshot, or `smallestHold` rows, whichever is more. */
const shareLimit = 0.2;
const smallestHold = 100;

/** Facts of one plan. `allowed`: the trigger said `allow_deletes`. */
export interface DeletePlan {
  readonly deletes: number;
  readonly snapshotRows: number;
  readonly rowsRead: number;
  readonly allowed: boolean;
}

/** Whether the planned deletes are held: past a fifth of the snapshot and 100 rows, or whenever the model is empty. */
export function holdsDeletes({ deletes, snapshotRows, rowsRead, allowed }: DeletePlan): boolean {
  if (deletes === 0 || allowed) return false;
  if (rowsRead === 0) return true;
  return deletes > Math.max(smallestHold, snapshotRows * shareLimit);
}
