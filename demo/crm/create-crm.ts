// Owns the demo CRM as a running server: opening its data, listening, stopping. Used by its process and, in-process, by tests.

import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { BehaviourSwitch } from './behaviour';
import { ContactBook } from './contact-book';
import { createCrmApp } from './crm-app';

export interface CrmOptions {
  /** Folder for the contacts; made when missing. One CRM at a time. */
  readonly dataDir: string;
  /** The key that writing and admin calls bring as a bearer token. */
  readonly apiKey: string;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default 0: any free port. */
  readonly port?: number;
}

export interface Crm {
  /** Without a slash at the end. */
  readonly url: string;
  readonly port: number;
  readonly book: ContactBook;
  readonly behaviour: BehaviourSwitch;
  /** Answers what it has begun, then stops. Calls that hang are cut. */
  close(): Promise<void>;
}

// Longer than any call that is not hanging on purpose takes.
const closeGraceMs = 2000;

/** Starts a CRM and resolves when it listens. Rejects with the system's error when the port is taken. */
export async function createCrm(options: CrmOptions): Promise<Crm> {
  const host = options.host ?? '127.0.0.1';
  const book = await ContactBook.open(options.dataDir);
  const behaviour = new BehaviourSwitch();
  const handle = createCrmApp(book, behaviour, options.apiKey).callback();
  const server = http.createServer((request, response) => void handle(request, response));
  try {
    await listen(server, options.port ?? 0, host);
  } catch (error) {
    book.close();
    throw error;
  }
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    port,
    book,
    behaviour,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeIdleConnections();
      if (behaviour.now.hang !== false) server.closeAllConnections();
      const grace = setTimeout(() => server.closeAllConnections(), closeGraceMs);
      await closed;
      clearTimeout(grace);
      book.close();
    },
  };
}

function listen(server: http.Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
