// Owns reading PostgreSQL's and the driver's errors: is it the connection, the credentials, or the statement?
import { DatabaseError } from 'pg';
import { BadConnectionUrl, DeadlinePassed } from './postgres-client';

/** Trouble with the connection itself, in words that fit behind a colon. */
export interface ConnectionTrouble {
  /** `missing`: the server is there, the database is not. */
  readonly kind: 'url' | 'missing' | 'credentials' | 'connection';
  readonly detail: string;
}

const socketWords: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ENOTFOUND: 'host not found',
  EAI_AGAIN: 'host not found',
  EHOSTUNREACH: 'host unreachable',
  ENETUNREACH: 'host unreachable',
  ETIMEDOUT: 'timeout',
  ECONNRESET: 'connection lost',
  EPIPE: 'connection lost',
  ERR_STREAM_DESTROYED: 'connection lost',
  ENOENT: 'connection refused', // a Unix socket that is not there
};

const stateWords: Readonly<Record<string, string>> = {
  '57P01': 'the server is shutting down',
  '57P02': 'the server crashed',
  '57P03': 'the server is starting up',
  '57P05': 'connection lost', // idle_session_timeout
  '25P03': 'connection lost', // idle_in_transaction_session_timeout
  '25P04': 'the server ended the transaction: it took longer than its transaction_timeout',
  '53300': 'too many connections',
};

/** What the error says about the connection; null when the connection is not what it is about. */
export function connectionTrouble(error: unknown): ConnectionTrouble | null {
  if (error instanceof BadConnectionUrl) return { kind: 'url', detail: error.message };
  if (error instanceof DeadlinePassed) return { kind: 'connection', detail: error.message };
  if (error instanceof DatabaseError) return serverTrouble(error);
  const { code, message } = partsOf(error);
  const words = socketWords[code] ?? driverWords(message);
  if (words) return { kind: 'connection', detail: words };
  if (/^SASL|password must be/i.test(message))
    return { kind: 'credentials', detail: 'authentication failed' };
  if (/SSL|TLS|certificate/i.test(`${code} ${message}`))
    return { kind: 'connection', detail: `TLS: ${message}` };
  return null;
}

// The driver has no codes of its own for these.
function driverWords(message: string): string | null {
  if (message === 'timeout expired') return 'timeout';
  if (/^Connection terminated|is not queryable|has encountered a connection error/.test(message))
    return 'connection lost';
  return null;
}

function serverTrouble(error: DatabaseError): ConnectionTrouble | null {
  const state = error.code ?? '';
  if (state.startsWith('28')) return { kind: 'credentials', detail: authenticationDetail(error.message) };
  if (state === '3D000') return { kind: 'missing', detail: error.message };
  if (stateWords[state]) return { kind: 'connection', detail: stateWords[state] };
  if (state.startsWith('08')) return { kind: 'connection', detail: 'connection lost' };
  return null;
}

function authenticationDetail(message: string): string {
  const user = /user "([^"]*)"/.exec(message)?.[1];
  return user === undefined ? 'authentication failed' : `authentication failed for user "${user}"`;
}

/** The error's SQLSTATE; empty when it has none. */
export function sqlState(error: unknown): string {
  return error instanceof DatabaseError ? (error.code ?? '') : '';
}

/** The foreign error's own words, for the cause of a failure. */
export function causeOf(error: unknown): string {
  const { code, message } = partsOf(error);
  return code ? `${code}: ${message}` : message;
}

/** By shape and not by class: errors of sockets may come from another realm than ours. */
function partsOf(error: unknown): { code: string; message: string } {
  if (typeof error !== 'object' || error === null) return { code: '', message: String(error) };
  const { code, message } = error as { code?: unknown; message?: unknown };
  return { code: typeof code === 'string' ? code : '', message: typeof message === 'string' ? message : '' };
}
