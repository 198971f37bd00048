// Owns how the demo speaks to the product's REST API: paths, token, errors in words. Not what it asks for, or when.

/** A run as the API shows it; only what the demo reads. */
export interface Run {
  readonly id: string;
  readonly status: 'queued' | 'running' | 'completed' | 'failed' | 'cancelled';
  readonly rows_processed: number;
  readonly rows_created: number;
  readonly rows_updated: number;
  readonly rows_deleted: number;
  readonly rows_failed: number;
  readonly rows_skipped?: number;
  readonly rows_unchanged?: number;
  readonly duration_seconds: number | null;
  readonly failure?: { readonly message?: string } | null;
}

export interface RowErrorLine {
  readonly row_id: string | null;
  readonly field: string | null;
  readonly message: string;
  readonly raw_value: string | null;
}

interface Page<T> {
  readonly data: readonly T[];
  readonly pagination: { readonly page: number; readonly per_page: number; readonly total: number };
}

interface Named {
  readonly id: string;
  readonly name: string;
}

// Nothing the demo asks takes a second; a minute means the API is gone, not slow.
const callTimeoutMs = 60_000;
// The API's most: the demo reads lists to their end.
const perPage = 100;

/** Calls under `/api/v1`. Every method throws an Error in the API's own words when the answer is not 2xx. */
export class ApiClient {
  constructor(
    private readonly apiUrl: string,
    private readonly token: string,
  ) {}

  get<T>(path: string): Promise<T> {
    return this.call('GET', path);
  }

  post<T>(path: string, body?: unknown): Promise<T> {
    return this.call('POST', path, body);
  }

  /** The one with this name, or undefined. */
  async findByName<T extends Named>(path: string, name: string): Promise<T | undefined> {
    const named = await this.get<Page<T>>(`${path}?name=${encodeURIComponent(name)}`);
    return named.data.find((one) => one.name === name);
  }

  /** The one with this name, made when there is none yet. */
  async findOrMake<T extends Named>(path: string, name: string, rest: object): Promise<T> {
    return (await this.findByName<T>(path, name)) ?? (await this.post<T>(path, { name, ...rest }));
  }

  /** All runs of a sync, newest first. */
  async runsOf(syncId: string): Promise<Run[]> {
    const runs: Run[] = [];
    for (let page = 1; ; page++) {
      const list = await this.get<Page<Run>>(`/syncs/${syncId}/runs?page=${page}&per_page=${perPage}`);
      runs.push(...list.data);
      if (list.data.length < perPage) return runs;
    }
  }

  private async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const headers: Record<string, string> = { authorization: `Bearer ${this.token}` };
    const init: RequestInit = { method, headers, signal: AbortSignal.timeout(callTimeoutMs) };
    if (body !== undefined) {
      headers['content-type'] = 'application/json';
      init.body = JSON.stringify(body);
    }
    const response = await fetch(`${this.apiUrl}/api/v1${path}`, init);
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${problemIn(text)}`);
    return JSON.parse(text) as T;
  }
}

// An RFC 9457 problem says it in `detail` or `title`; its `errors` name the places in the body.
function problemIn(text: string): string {
  try {
    const problem = JSON.parse(text) as { title?: string; detail?: string; errors?: unknown };
    const places = problem.errors === undefined ? '' : ` ${JSON.stringify(problem.errors)}`;
    return `${problem.detail ?? problem.title ?? text}${places}`;
  } catch (error) {
    if (error instanceof SyntaxError) return text.slice(0, 200);
    throw error;
  }
}
