// Owns that a figure begins on a server with nothing left to do. Measures nothing.
import type { BenchPlace } from '../bench-place';
import { withClient } from './bench-client';

/**
 * Vacuums and writes out what figures before have left. Otherwise PostgreSQL does it beside the next one, whenever its
 * launcher looks: delivery over HTTP was a tenth slower after other figures than alone.
 */
export async function settle({ databaseUrl, warehouseUrl, targetUrl }: BenchPlace): Promise<void> {
  for (const url of [databaseUrl, warehouseUrl, targetUrl])
    await withClient(url, (client) => client.query('VACUUM (ANALYZE)'));
  await withClient(databaseUrl, (client) => client.query('CHECKPOINT'));
}
