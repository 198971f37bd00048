// Owns how much of a row key a list shows. What is stored is whole.

// Whatever fits into an address is shown whole, so that it can be asked for; of a longer one enough to know it by.
const longestBytes = 2_000;
const beginning = 500;

/** `row_id` of row_errors as lists show it: of a long one the first characters and an ellipsis. */
export const shownRowId = `CASE WHEN octet_length(row_id) > ${longestBytes} THEN left(row_id, ${beginning}) || '…' ELSE row_id END`;
