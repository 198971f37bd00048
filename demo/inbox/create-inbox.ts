// Owns the demo inbox as a running server: listening and stopping. Used by its process and, in-process, by tests.
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInboxApp } from './inbox-app';
import { BehaviourOnDemand } from './inbox-behaviour';
import { MessageBook } from './message-book';

export interface InboxOptions {
  /** Where messages are kept; absent: in memory alone. */
  readonly file?: string;
  /** Secrets that webhooks may be signed with; none: no signature is asked for. */
  readonly secrets?: readonly string[];
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default 0: any free port. */
  readonly port?: number;
}

export interface Inbox {
  /** Without a slash at the end. */
  readonly url: string;
  readonly port: number;
  readonly book: MessageBook;
  readonly behaviour: BehaviourOnDemand;
  /** An address of a Slack webhook here. */
  readonly slackUrl: string;
  readonly webhookUrl: string;
  /** Other secrets from now on. */
  trust(secrets: readonly string[]): void;
  /** Calls that hang are cut. */
  close(): Promise<void>;
}

/** Starts an inbox and resolves when it listens. Rejects with the system's error when the port is taken. */
export async function createInbox(options: InboxOptions = {}): Promise<Inbox> {
  const host = options.host ?? '127.0.0.1';
  let secrets = options.secrets ?? [];
  const book = await MessageBook.open(options.file ?? null);
  const behaviour = new BehaviourOnDemand();
  const handle = createInboxApp({ book, behaviour, secrets: () => secrets }).callback();
  const server = http.createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, host, () => {
      server.off('error', reject);
      resolve();
    });
  }).catch((error: unknown) => {
    book.close();
    throw error;
  });
  const { port } = server.address() as AddressInfo;
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  return {
    url,
    port,
    book,
    behaviour,
    slackUrl: `${url}/services/T0DEMO000/B0DEMO000/demo-demo-demo-demo-demo`,
    webhookUrl: `${url}/webhook`,
    trust(given) {
      secrets = given;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          book.close();
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}
