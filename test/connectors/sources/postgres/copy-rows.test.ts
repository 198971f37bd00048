import { openClient } from '../../../../connectors/postgres-client';
import { copyRows } from '../../../../connectors/sources/postgres/copy-rows';
import { postgresPlace } from '../../postgres-place';

test('a connection lost before anybody read is met by the reader', async () => {
  const place = await postgresPlace();
  const client = await openClient(place.connection, new AbortController().signal);
  try {
    const rows = copyRows(client, 'COPY (SELECT 1) TO STDOUT');
    const ended = new Promise<void>((resolve) => client.once('end', resolve));
    client.connection.stream.destroy(new Error('read ECONNRESET'));
    await ended;
    const reading = (async () => {
      for await (const chunk of rows.stream) expect(chunk).toBeDefined();
    })();
    await expect(reading).rejects.toThrow('read ECONNRESET');
    await expect(rows.finished).rejects.toThrow('read ECONNRESET');
  } finally {
    await place.drop();
  }
});
