// Owns the destination that HTTP delivery is measured against: reads and parses every batch, answers after a while.
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** What a call to a real API costs at least. */
const latencyMs = 50;

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const arrivedMs = performance.now();
    // A check of access has no body.
    if (chunks.length > 0) JSON.parse(Buffer.concat(chunks).toString());
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
