// Owns having the server parse one statement without running it. The extended protocol refuses a second statement.
import type { Client, Connection, FieldDef, Submittable } from 'pg';

/** What the server makes of a statement. */
export interface ParsedStatement {
  /** Columns it would return; null when it returns none. */
  readonly fields: readonly FieldDef[] | null;
  /** How many values it would have to be given: `$1` and so on. */
  readonly parameters: number;
}

/** Throws the server's error. */
export function parseOnly(client: Client, sql: string): Promise<ParsedStatement> {
  return new Promise((resolve, reject) => {
    client.query(new ParseOnly(sql, resolve, reject));
  });
}

/** The extended protocol's messages as pg's Connection really takes them; its types lag behind. */
interface ExtendedProtocol {
  parse(statement: { name: string; text: string; types: number[] }): void;
  describe(what: { type: 'S'; name: string }): void;
  sync(): void;
  once(event: 'parameterDescription', listen: (message: { parameterCount: number }) => void): void;
  off(event: 'parameterDescription', listen: (message: { parameterCount: number }) => void): void;
}

class ParseOnly implements Submittable {
  private fields: readonly FieldDef[] | null = null;
  private parameters = 0;
  private stopListening = (): void => undefined;

  constructor(
    private readonly sql: string,
    private readonly resolve: (parsed: ParsedStatement) => void,
    private readonly reject: (error: unknown) => void,
  ) {}

  submit(connection: Connection): void {
    const wire = connection as unknown as ExtendedProtocol;
    // The one message that the client does not hand on to whom it is for.
    const count = ({ parameterCount }: { parameterCount: number }): void => {
      this.parameters = parameterCount;
    };
    wire.once('parameterDescription', count);
    this.stopListening = () => wire.off('parameterDescription', count);
    wire.parse({ name: '', text: this.sql, types: [] });
    wire.describe({ type: 'S', name: '' });
    // Neither Bind nor Execute: nothing runs.
    wire.sync();
  }

  handleRowDescription(message: { fields: FieldDef[] }): void {
    this.fields = message.fields;
  }

  handleError(error: unknown): void {
    this.stopListening();
    this.reject(error);
  }

  handleReadyForQuery(): void {
    this.stopListening();
    this.resolve({ fields: this.fields, parameters: this.parameters });
  }
}
