// Owns reading the peak memory of a process as the operating system has it. Starts and ends none.
import { readFileSync } from 'node:fs';

/** VmHWM of /proc/<pid>/status, MB. Throws where the system does not tell. */
export function peakMegabytes(pid: number): number {
  const kilobytes = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  if (kilobytes === undefined) throw new Error('this system does not tell the peak memory of a process');
  return Number(kilobytes) / 1024;
}
