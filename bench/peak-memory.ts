// Owns reading the memory of a process as the operating system has it. Starts and ends none.
import { readFileSync } from 'node:fs';

/** VmHWM of /proc/<pid>/status, MB: the most it ever had. Throws where the system does not tell. */
export function peakMegabytes(pid: number): number {
  return megabytesOf(pid, 'VmHWM');
}

/** VmRSS of /proc/<pid>/status, MB: what it has now. Throws where the system does not tell. */
export function residentMegabytes(pid: number): number {
  return megabytesOf(pid, 'VmRSS');
}

function megabytesOf(pid: number, line: 'VmHWM' | 'VmRSS'): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const kilobytes = new RegExp(`${line}:\\s+(\\d+) kB`).exec(status)?.[1];
  if (kilobytes === undefined) throw new Error('this system does not tell the memory of a process');
  return Number(kilobytes) / 1024;
}
