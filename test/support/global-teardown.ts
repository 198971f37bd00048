// Lets the keeper go and waits until the servers and their folder are gone.
import type { ChildProcess } from 'node:child_process';

export default async function globalTeardown(): Promise<void> {
  const { keeper } = globalThis as { keeper?: ChildProcess };
  if (keeper === undefined || keeper.exitCode !== null || keeper.signalCode !== null) return;
  keeper.ref();
  const gone = new Promise((resolve) => keeper.once('exit', resolve));
  keeper.disconnect();
  await gone;
}
