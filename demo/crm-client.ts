// Owns how the demo looks into its CRM, to count on that side what a run says on this one. Never writes a contact.

export interface CrmStats {
  readonly contacts: number;
  readonly created: number;
  readonly updated: number;
  readonly deleted: number;
  readonly failed: number;
}

// The CRM answers in milliseconds and runs on this machine.
const callTimeoutMs = 10_000;

/** What the CRM holds and has done since it was last cleared. */
export function crmStats(crmUrl: string): Promise<CrmStats> {
  return call(`${crmUrl}/api/stats`, {});
}

/** Empties the CRM and its totals. */
export async function clearCrm(crmUrl: string, apiKey: string): Promise<void> {
  await call(`${crmUrl}/admin/clear`, { method: 'POST', headers: { authorization: `Bearer ${apiKey}` } });
}

async function call<T>(url: string, init: RequestInit): Promise<T> {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(callTimeoutMs) });
  if (!response.ok)
    throw new Error(`the demo CRM answered ${response.status} to ${url}: ${await response.text()}`);
  return (await response.json()) as T;
}
