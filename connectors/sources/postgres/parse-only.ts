// Owns having the server parse one statement without running it. The extended protocol refuses a second statement.
import type { Client, Connection, FieldDef, Submittable } from 'pg';

/** Columns the statement would return; null when it returns none. Throws the server's error. */
export function parseOnly(client: Client, sql: string): Promise<readonly FieldDef[] | null> {
  return new Promise((resolve, reject) => {
    client.query(new ParseOnly(sql, resolve, reject));
  });
}

/** The extended protocol's messages as pg's Connection really takes them; its types lag behind. */
interface ExtendedProtocol {
  parse(statement: { name: string; text: string; types: number[] }): void;
  describe(what: { type: 'S'; name: string }): void;
  sync(): void;
}

class ParseOnly implements Submittable {
  private fields: readonly FieldDef[] | null = null;

  constructor(
    private readonly sql: string,
    private readonly resolve: (fields: readonly FieldDef[] | null) => void,
    private readonly reject: (error: unknown) => void,
  ) {}

  submit(connection: Connection): void {
    const wire = connection as unknown as ExtendedProtocol;
    wire.parse({ name: '', text: this.sql, types: [] });
    wire.describe({ type: 'S', name: '' });
    // Neither Bind nor Execute: nothing runs.
    wire.sync();
  }

  handleRowDescription(message: { fields: FieldDef[] }): void {
    this.fields = message.fields;
  }

  handleError(error: unknown): void {
    this.reject(error);
  }

  handleReadyForQuery(): void {
    this.resolve(this.fields);
  }
}
