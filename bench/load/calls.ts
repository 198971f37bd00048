// Owns calling the API as its users do: kept-alive connections, and an answer that is read to its end. Measures nothing.
import { Pool } from 'undici';

/** Whom to call. */
export interface Callee {
  /** The API's base, `http://…/api/v1`. */
  readonly url: string;
  readonly token: string;
}

/** Calls paths below the base, over as many connections as are needed at once and `most` at the most. */
export class Caller {
  private readonly pool: Pool;
  private readonly base: string;

  constructor(
    private readonly callee: Callee,
    most: number,
  ) {
    const { origin, pathname } = new URL(callee.url);
    // Without a path of its own it is a slash.
    this.base = pathname === '/' ? '' : pathname;
    this.pool = new Pool(origin, { connections: most, pipelining: 1 });
  }

  /** Throws unless it is answered with 200. */
  async get(path: string): Promise<void> {
    const { statusCode, body } = await this.pool.request({
      path: `${this.base}${path}`,
      method: 'GET',
      headers: { authorization: `Bearer ${this.callee.token}` },
    });
    if (statusCode !== 200) throw new Error(`GET ${path} answered ${statusCode}: ${await body.text()}`);
    await body.dump({ limit: Number.MAX_SAFE_INTEGER });
  }

  close(): Promise<void> {
    return this.pool.close();
  }
}
