// Reads what a launcher printed and started, and presses its keys. Starts nothing.
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { anyFreePort } from '../../../scripts/launcher/free-port';
import type { Clone, CommandRun } from './launched-clone';

/** A call as the Ready block prints it. */
export interface CurlCall {
  method: string;
  url: string;
  token: string;
}

export function curlCalls(output: string): CurlCall[] {
  const calls = output.matchAll(/^curl (-X POST )?(\S+) -H "Authorization: Bearer (\S+)"$/gm);
  return [...calls].map(([, post, url, token]) => ({
    method: post === undefined ? 'GET' : 'POST',
    url: url ?? '',
    token: token ?? '',
  }));
}

export function fetchCall(call: CurlCall | undefined): Promise<Response> {
  if (call === undefined) throw new Error('no call was printed');
  return fetch(call.url, { method: call.method, headers: { authorization: `Bearer ${call.token}` } });
}

/** As a terminal does it: the press arrives twice within a millisecond. */
export async function pressCtrlC(run: CommandRun): Promise<void> {
  run.child.kill('SIGINT');
  await sleep(1);
  run.child.kill('SIGINT');
}

export async function freePorts(count: number): Promise<number[]> {
  const found = new Set<number>();
  while (found.size < count) found.add(await anyFreePort('127.0.0.1'));
  return [...found];
}

export function workersOf(of: Clone): number[] {
  return running(of, 'worker/main.js');
}

/** Processes with this in their command line; a NUL stands between its words. */
export function running({ survivors }: Clone, command: string): number[] {
  return survivors().filter((pid) => commandOf(pid).includes(command));
}

/** Where the guard watches over a server, its own command line names it too, and the server is the later one. */
export function latest(pids: readonly number[]): number {
  const pid = pids.toSorted((one, other) => one - other).at(-1);
  if (pid === undefined) throw new Error('no such process runs');
  return pid;
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    // Ended between the list and the look.
    return '';
  }
}
