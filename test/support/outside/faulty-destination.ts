// Gives a test an HTTP destination that keeps what it took and misbehaves as told. The truth to compare a run with.
import type http from 'node:http';
import type { SyncSketch } from '../engine/engine';
import { answerJson, httpStub, type HttpStub, type StubCall } from './http-stub';

/** What happens to one call instead of a good answer; `take` lets its rows have effect all the same. */
export type Fault = (response: http.ServerResponse, take: () => void) => unknown;

/** Answers with the status, without effect. */
export const refusal =
  (status: number, headers: http.OutgoingHttpHeaders = {}): Fault =>
  (response) =>
    answerJson(response, status, { message: `status ${status}` }, headers);

interface TimedCall {
  readonly key: string;
  readonly atMs: number;
  readonly ids: readonly string[];
}

/** Columns of the model: `id` and `email`. */
export const rowMapping = ['id', 'email'].map((column) => ({ column, field: column }));

export class FaultyDestination {
  /** Calls that brought rows, as they arrived. */
  readonly calls: TimedCall[] = [];
  /** By row id: the batch keys under which the row had effect. */
  readonly taken = new Map<string, string[]>();
  /** The fault of the call that arrives as number `at`, from 0; null is none. */
  faultOf: (at: number) => Fault | null = () => null;

  private constructor(readonly stub: HttpStub) {}

  static async start(): Promise<FaultyDestination> {
    const stub = await httpStub(() => undefined);
    const made = new FaultyDestination(stub);
    stub.respond((call, response) => made.answer(call, response));
    return made;
  }

  /** A destination of a sync: batches of ten rows, four at a time unless told otherwise. */
  destination(config: Record<string, unknown> = {}): NonNullable<SyncSketch['destination']> {
    return {
      kind: 'http',
      config: {
        url: `${this.stub.url}/rows`,
        request: { rows_field: 'rows' },
        batch_rows: 10,
        concurrency: 4,
        timeout_seconds: 5,
        ...config,
      },
      secrets: { headers: { Authorization: 'Bearer some-key' } },
    };
  }

  /** Forgets everything and behaves. */
  reset(): void {
    this.calls.length = 0;
    this.taken.clear();
    this.faultOf = () => null;
    this.stub.interceptBody(() => false);
    this.stub.answerHead(() => 405);
  }

  close(): Promise<void> {
    return this.stub.close();
  }

  private answer(call: StubCall, response: http.ServerResponse): void {
    const key = String(call.headers['idempotency-key']);
    const { rows } = JSON.parse(call.body.toString('utf8')) as { rows: { id: string }[] };
    const ids = rows.map(({ id }) => id);
    const fault = this.faultOf(this.calls.length);
    this.calls.push({ key, atMs: Date.now(), ids });
    const take = (): void => {
      for (const id of ids) this.taken.set(id, [...(this.taken.get(id) ?? []), key]);
    };
    if (fault) return void fault(response, take);
    take();
    answerJson(response, 200, {});
  }
}
