// Answers questions about processes by number: alive, since when, with what command line. Starts and stops
// none.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** True when a process with this number exists, whoever owns it. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** A text that is the same for the same process only: numbers are given out again, starting times are not. Empty when unknown. */
export function startMarkOf(pid: number): string {
  if (process.platform !== 'linux') return ps(pid, 'lstart=');
  // Field 22, counted after the command name, which may itself hold spaces and brackets.
  const fields = readProc(pid, 'stat')
    .replace(/^.*\) /s, '')
    .split(' ');
  return fields[19] ?? '';
}

/** The command line, empty when unknown. */
export function commandLineOf(pid: number): string {
  return process.platform === 'linux' ? readProc(pid, 'cmdline').replaceAll('\0', ' ') : ps(pid, 'command=');
}

/** True when the process ended within the time. */
export async function waitUntilEnded(pid: number, timeoutMs: number): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  while (isAlive(pid)) {
    if (Date.now() > deadline) return false;
    await sleep(50);
  }
  return true;
}

function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ESRCH', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) return '';
    throw error;
  }
}

function ps(pid: number, column: string): string {
  return (spawnSync('ps', ['-o', column, '-p', String(pid)], { encoding: 'utf8' }).stdout ?? '').trim();
}
