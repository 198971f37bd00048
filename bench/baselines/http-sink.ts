// Owns the destination that HTTP delivery is measured against: reads every batch and answers after a while. It stands for
// a machine of its own but shares the cores of this one, so it does no work that would be neither side's.
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** What a call to a real API costs at least. */
const latencyMs = 50;
/** So many bodies are parsed to see that they are batches; parsing all of them takes a core, which neither side has to spare. */
const parsedOneIn = 20;
let bodies = 0;

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const arrivedMs = performance.now();
    // A check of access has no body.
    if (chunks.length > 0 && bodies++ % parsedOneIn === 0) JSON.parse(Buffer.concat(chunks).toString());
    void sleep(latencyMs - (performance.now() - arrivedMs)).then(() => response.end('{}'));
  });
});
// Longer than the pauses between rounds, so that neither side pays for connections.
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.({ type: 'ready', port: typeof address === 'object' ? address?.port : null });
});
process.once('SIGTERM', () => {
  server.close();
  server.closeAllConnections();
  if (process.connected) process.disconnect();
});
