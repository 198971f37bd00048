// Owns the calls: one method for each, an error with the API's own words when it refuses. Prints nothing.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiProblem, Unreachable } from './errors';
import type { Alert, AlertDetail, Paged, RowErrors, Run, RunDetail, Sync, TriggeredRun } from './wire';

/** Query parameters; those that are undefined are left out. */
export type Query = Readonly<Record<string, string | undefined>>;

export interface Trigger {
  readonly kind?: string | undefined;
  readonly note?: string | undefined;
  readonly allow_deletes?: true | undefined;
}

interface Call {
  /** Default GET. */
  readonly method?: 'POST';
  readonly query?: Query;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

export interface ClientSettings {
  /** Where the API is, with nothing behind the port. */
  readonly url: string;
  readonly token: string;
}

// The server may still be at work on what it was sent before the connection broke: until it is done, the key is taken.
const pauseMs = 1_000;

export class Client {
  constructor(private readonly settings: ClientSettings) {}

  syncs(query: Query): Promise<Paged<Sync>> {
    return this.json('/syncs', { query });
  }

  sync(id: string): Promise<Sync> {
    return this.json(`/syncs/${encodeURIComponent(id)}`);
  }

  /** Runs of a sync, or of all syncs, newest first. */
  runs(syncId: string | null, query: Query): Promise<Paged<Run>> {
    return this.json(syncId === null ? '/runs' : runsPath(syncId), { query });
  }

  run(syncId: string, runId: string): Promise<RunDetail> {
    return this.json(runPath(syncId, runId));
  }

  rowErrors(syncId: string, runId: string, query: Query): Promise<RowErrors> {
    return this.json(`${runPath(syncId, runId)}/errors`, { query });
  }

  trigger(syncId: string, body: Trigger): Promise<TriggeredRun> {
    return this.change(`/syncs/${encodeURIComponent(syncId)}/trigger`, body);
  }

  cancel(syncId: string, runId: string): Promise<RunDetail> {
    return this.change(`${runPath(syncId, runId)}/cancel`);
  }

  /** Alerts of all syncs, newest first. */
  alerts(query: Query): Promise<Paged<Alert>> {
    return this.json('/alerts', { query });
  }

  alert(id: string): Promise<AlertDetail> {
    return this.json(alertPath(id));
  }

  /** `act`: acknowledge, mute, unmute, resolve. */
  actOnAlert(id: string, act: string, body: object): Promise<AlertDetail> {
    return this.change(`${alertPath(id)}/${act}`, body);
  }

  /** The run's events after `lastEventId` ('' for all), as an open stream; null when there are no more and never will be. */
  async events(
    syncId: string,
    runId: string,
    lastEventId: string,
    signal: AbortSignal,
  ): Promise<ReadableStream<Uint8Array> | null> {
    const answer = await this.call(`${runPath(syncId, runId)}/events`, {
      headers: {
        Accept: 'text/event-stream',
        ...(lastEventId === '' ? {} : { 'Last-Event-ID': lastEventId }),
      },
      signal,
    });
    return answer.status === 204 ? null : answer.body;
  }

  /** Under a key of its own, so that it is done once though it is sent twice: when its answer is lost, it is sent again. */
  private async change<Body>(path: string, body?: object): Promise<Body> {
    const call: Call = {
      method: 'POST',
      headers: { 'Idempotency-Key': randomUUID() },
      ...(body === undefined ? {} : { body }),
    };
    try {
      return await this.json(path, call);
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
    }
    await sleep(pauseMs);
    return this.json(path, call);
  }

  private async json<Body>(path: string, call: Call = {}): Promise<Body> {
    const answer = await this.call(path, call);
    const text = await answer.text().catch((error: unknown) => {
      throw new Unreachable(this.settings.url, error);
    });
    try {
      return JSON.parse(text) as Body;
    } catch {
      throw new ApiProblem(answer.status, {
        detail: `${this.settings.url} answers, but not as this API does.`,
      });
    }
  }

  /** The answer, when it is a good one. */
  private async call(path: string, call: Call): Promise<Response> {
    const { method = 'GET', query = {}, body, headers, signal } = call;
    const { url, token } = this.settings;
    const address = new URL(`${url}/api/v1${path}`);
    for (const [name, value] of Object.entries(query))
      if (value !== undefined) address.searchParams.set(name, value);
    const answer = await fetch(address, {
      method,
      headers: {
        Accept: 'application/json',
        ...headers,
        Authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    }).catch((error: unknown) => {
      throw new Unreachable(url, error);
    });
    if (!answer.ok) throw await problemOf(answer);
    return answer;
  }
}

async function problemOf(answer: Response): Promise<ApiProblem> {
  const text = await answer.text().catch(() => '');
  try {
    return new ApiProblem(answer.status, JSON.parse(text) as object);
  } catch {
    // Whatever stands before the API, and answers for it, has no problems.
    return new ApiProblem(answer.status, {});
  }
}

function alertPath(id: string): string {
  return `/alerts/${encodeURIComponent(id)}`;
}

function runsPath(syncId: string): string {
  return `/syncs/${encodeURIComponent(syncId)}/runs`;
}

function runPath(syncId: string, runId: string): string {
  return `${runsPath(syncId)}/${encodeURIComponent(runId)}`;
}
