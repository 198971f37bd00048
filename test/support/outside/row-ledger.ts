// Owns an HTTP destination that keeps the truth about itself: every row it accepted, how often, under which batch key.
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** `upsert` knows rows by id and answers a repeated key as before; `append` takes whatever comes, as often as it comes. */
export type LedgerHabit = 'upsert' | 'append';

/** One call that brought rows. */
interface LedgerCall {
  readonly atMs: number;
  readonly key: string;
  readonly rows: number;
  readonly status: number;
}

interface LedgerRow {
  readonly values: Readonly<Record<string, unknown>>;
  /** How often the row took effect here. */
  readonly effects: number;
  /** The batch keys it came under. */
  readonly keys: ReadonlySet<string>;
}

/** One destination below a path of the server. */
export class RowLedger {
  readonly rows = new Map<string, LedgerRow>();
  readonly calls: LedgerCall[] = [];
  created = 0;
  updated = 0;
  /** From the moment a call took effect to its answer. */
  latencyMs = 0;
  /** Called with the number of calls so far; a number refuses the call with that status before it has an effect. */
  refuse: (calls: number) => number | null = () => null;
  private readonly answers = new Map<string, string>();

  constructor(
    readonly url: string,
    private readonly habit: LedgerHabit,
  ) {}

  /** Takes effect at once, as a server would before its answer is lost on the way. */
  take(key: string, rows: readonly Readonly<Record<string, unknown>>[]): { status: number; text: string } {
    const refused = this.refuse(this.calls.length);
    this.calls.push({ atMs: performance.now(), key, rows: rows.length, status: refused ?? 200 });
    if (refused !== null) return { status: refused, text: '{"message":"refused"}' };
    const known = this.habit === 'upsert' ? this.answers.get(key) : undefined;
    if (known !== undefined) return { status: 200, text: known };
    const results = rows.map((row) => ({ status: this.apply(key, row) }));
    const text = JSON.stringify({ results });
    this.answers.set(key, text);
    return { status: 200, text };
  }

  private apply(key: string, values: Readonly<Record<string, unknown>>): 'created' | 'updated' {
    const id = String(values['id']);
    const before = this.rows.get(id);
    this.rows.set(id, {
      values,
      effects: (before?.effects ?? 0) + 1,
      keys: new Set([...(before?.keys ?? []), key]),
    });
    const isNew = before === undefined || this.habit === 'append';
    if (isNew) this.created += 1;
    else this.updated += 1;
    return isNew ? 'created' : 'updated';
  }
}

/** A server in this process, which no kill reaches, with as many ledgers as are asked for. */
export class LedgerServer {
  private readonly ledgers = new Map<string, RowLedger>();

  private constructor(
    private readonly server: http.Server,
    private readonly url: string,
  ) {}

  static async start(): Promise<LedgerServer> {
    const server = http.createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const started = new LedgerServer(server, `http://127.0.0.1:${port}`);
    server.on('request', (request, response) => void started.answer(request, response));
    return started;
  }

  add(name: string, habit: LedgerHabit): RowLedger {
    const ledger = new RowLedger(`${this.url}/${name}`, habit);
    this.ledgers.set(`/${name}`, ledger);
    return ledger;
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }

  private async answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const ledger = this.ledgers.get(request.url ?? '');
    // The question before a run, whether somebody is there at all.
    if (request.method === 'HEAD') return void response.writeHead(405).end();
    if (ledger === undefined) return void response.writeHead(404).end();
    const body = await bodyOf(request);
    // A caller that died while it was sending has sent nothing.
    if (body === null) return undefined;
    const { records } = JSON.parse(body) as { records: Record<string, unknown>[] };
    const { status, text } = ledger.take(String(request.headers['idempotency-key']), records);
    if (ledger.latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, ledger.latencyMs));
    response.writeHead(status, { 'content-type': 'application/json' }).end(text);
    return undefined;
  }
}

async function bodyOf(request: http.IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of request) chunks.push(chunk as Buffer);
  } catch {
    return null;
  }
  return request.complete ? Buffer.concat(chunks).toString() : null;
}
