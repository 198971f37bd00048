// Owns the short workflow by which the API looks at a source, a destination, a model or a sync: only workers reach those.
import { inspectionActivity } from './activity-proxies';
import type { InspectInput, InspectResult } from './messages';

export async function inspect(input: InspectInput): Promise<InspectResult> {
  return inspectionActivity().inspect(input);
}
