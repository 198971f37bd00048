// Owns the words of anomalies: the four sudden changes in a sync's trends, and what each can indicate. Finds none.

export const anomalyKinds = [
  'row_count_spike',
  'row_count_drop',
  'error_rate_increase',
  'duration_increase',
] as const;
export type AnomalyKind = (typeof anomalyKinds)[number];

/** What each can indicate, in the product page's words. */
export const likelyCauses: Readonly<Record<AnomalyKind, readonly string[]>> = {
  row_count_spike: ['New data loaded into the warehouse', 'A model query change'],
  row_count_drop: ['Data deleted from the warehouse', 'A filter change in the model'],
  error_rate_increase: ['Destination schema change', 'Data quality issue', 'API limit hit'],
  duration_increase: ['Growing dataset', 'Warehouse performance degradation', 'Destination throttling'],
};
