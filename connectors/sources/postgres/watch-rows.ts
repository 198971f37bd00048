// Owns watching over a COPY's rows: whatever ends them also ends the statement in the source and the connection.
import type { Client } from 'pg';
import { cancelStatement, longestTimeoutMs } from '../../postgres-client';
import type { CopiedRows } from './copy-rows';
import { modelFailure, sourceFailure, type StatementFacts } from './translate-error';

/** The server ends a query at its own timeout; past this much more it must be frozen. A dead line is found by keepalive. */
export const deadConnectionMs = 30_000;

/** What the rows come over, and how to let go of it. */
export interface RowsWatch {
  readonly client: Client;
  readonly facts: StatementFacts;
  readonly signal: AbortSignal;
  /** Whether nothing more is read over it when these rows have come. */
  readonly isLast: boolean;
  readonly release: (client: Client) => Promise<void>;
}

/** The rows' chunks; abort and silence are watched for from now on, not only while somebody reads. */
export function watchRows(
  rows: CopiedRows,
  { client, facts, signal, isLast, release }: RowsWatch,
): AsyncGenerator<Buffer> {
  const stop = (reason: unknown): void => {
    clearTimeout(silence);
    rows.stream.destroy(reason as Error);
    // The socket is cut after the request: a server that is blocked writing to us notices only the cut.
    void cancelStatement(client).then(() => release(client));
  };
  const onAbort = (): void => stop(signal.reason);
  const silence = setTimeout(
    // The server's own timeout has failed us, so this is the same failure: trying again would take as long again.
    () => stop(modelFailure(`statement timeout after ${facts.timeoutSeconds} s; the source did not end it`)),
    Math.min(facts.timeoutSeconds * 1000 + deadConnectionMs, longestTimeoutMs),
  );
  signal.addEventListener('abort', onAbort, { once: true });

  async function* chunks(): AsyncGenerator<Buffer> {
    let over = false;
    let isWhole = false;
    try {
      for await (const chunk of rows.stream) yield chunk as Buffer;
      await rows.finished;
      over = isWhole = true;
    } catch (error) {
      over = true;
      throw signal.aborted ? signal.reason : sourceFailure(error, facts);
    } finally {
      clearTimeout(silence);
      signal.removeEventListener('abort', onAbort);
      // A reader that stopped early leaves a statement running.
      if (!over) await cancelStatement(client);
      if (isLast || !isWhole) await release(client);
    }
  }
  return chunks();
}
