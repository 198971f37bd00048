// Owns what every command is given.
import type { Client } from '../api/client';
import type { Terminal } from '../output/terminal';

export interface Context {
  readonly client: Client;
  readonly terminal: Terminal;
  /** JSON instead of tables and sentences. */
  readonly json: boolean;
}
