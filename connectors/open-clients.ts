// Owns the connections one PostgreSQL connector has open: each is given back by its user, or all at once at the end.
import type { Client } from 'pg';
import type { Connection } from './connection';
import { cancelStatement, closeClient, openClient } from './postgres-client';

export class OpenClients {
  private readonly open = new Set<Client>();

  constructor(private readonly connection: Connection) {}

  async connect(signal: AbortSignal): Promise<Client> {
    const client = await openClient(this.connection, signal);
    this.open.add(client);
    return client;
  }

  async release(client: Client): Promise<void> {
    this.forget(client);
    await closeClient(client);
  }

  /** For a client that somebody else closes. */
  forget(client: Client): void {
    this.open.delete(client);
  }

  /** Ends what still runs, in the server too. */
  async closeAll(): Promise<void> {
    await Promise.all([...this.open].map(cancelStatement));
    await Promise.all([...this.open].map((client) => this.release(client)));
  }
}
