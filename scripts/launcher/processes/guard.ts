// Runs one server and ends it when the process that asked for it is gone. Stands in for `setpriv --pdeathsig`
// where that does not exist. Arguments: uid, gid (empty for unchanged), command, its arguments.
import { spawn } from 'node:child_process';

// Half a second of an orphaned server is harmless; checking costs one system call.
const parentCheckMs = 500;

const [uid, gid, command, ...args] = process.argv.slice(2);
if (command === undefined) throw new Error('guard needs a command');
const parentPid = process.ppid;

const server = spawn(command, args, {
  stdio: ['ignore', 'inherit', 'inherit'],
  ...(uid ? { uid: Number(uid) } : {}),
  ...(gid ? { gid: Number(gid) } : {}),
});
server.on('error', (error) => {
  console.error(error.message);
  process.exit(1);
});
server.on('exit', (code) => process.exit(code ?? 1));

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => server.kill(signal));

setInterval(() => {
  if (process.ppid !== parentPid) server.kill('SIGINT');
}, parentCheckMs);
