// The HTTP destination against the contract of all destinations, once for each way of matching results to rows.
import type { DeliveryTarget, Destination } from '../../../../connectors/destination';
import { httpDestination } from '../../../../connectors/destinations/http/http-destination';
import { ownPace } from '../../../../connectors/shared-pace';
import type { SyncMode } from '../../../../domain/sync';
import { answerJson, type HttpStub, httpStub, type StubCall } from '../../../support/outside/http-stub';
import { loopbackGuard } from '../../../support/outside/loopback';
import { describeDestination } from '../../destination-contract';
import type { ContractObject } from '../../destination-harness';
import { keeperConfig, type RowKeeper, rowKeeper } from './row-keeper';

const token = 'Bearer valid-token';

type Shape = 'single' | 'composite';
const fieldsOf: Record<Shape, { fields: string[]; keyColumns: number }> = {
  single: { fields: ['id', 'name', 'email'], keyColumns: 1 },
  composite: { fields: ['region', 'id', 'name'], keyColumns: 2 },
};

// Matched by key, results come in another order than the rows and carry the key's fields.
const byKeyConfig = {
  ...keeperConfig,
  response: { ...keeperConfig.response, match_by: 'key' },
};

for (const matchBy of ['index', 'key'] as const) {
  describeDestination({
    kind: `HTTP (results by ${matchBy})`,
    modes: ['upsert', 'insert', 'update', 'mirror'],
    tellsCreatedFromUpdated: true,
    transactional: false,
    refusal: /^Invalid email format$/,
    open: (shape) => openObject(shape, matchBy),
  });
}

async function openObject(shape: Shape, matchBy: 'index' | 'key'): Promise<ContractObject> {
  const { fields, keyColumns } = fieldsOf[shape];
  const keeper = rowKeeper(fields.slice(0, keyColumns));
  const gate = new Gate();
  const stub = await httpStub(async (call, response) => {
    await gate.passed();
    if (call.headers.authorization !== token) return answerJson(response, 401, { error: 'session expired' });
    return answerJson(response, 200, answerOf(keeper, call, matchBy));
  });
  stub.answerHead(({ authorization }) => (authorization === token ? 405 : 401));
  const connect = (url: string, authorization: string): Destination =>
    httpDestination(
      {
        kind: 'http',
        config: {
          url: `${url}/write`,
          delete_url: `${url}/delete`,
          ...(matchBy === 'key' ? byKeyConfig : keeperConfig),
        },
        secrets: { headers: { Authorization: authorization } },
      },
      ownPace(),
      { guard: loopbackGuard },
    );

  return {
    destination: connect(stub.url, token),
    target(mode: SyncMode): DeliveryTarget {
      keeper.mode = mode;
      const columns = fields.map((field) => ({ column: field, field, json: 'string' as const }));
      return { object: {}, columns, keyColumns, mode };
    },
    held: async () => [...keeper.rows.values()],
    seed: async (rows) => {
      for (const row of rows)
        keeper.rows.set(
          fields
            .slice(0, keyColumns)
            .map((field) => row[field])
            .join('|'),
          row,
        );
    },
    withExpiredAuth: async () => connect(stub.url, 'Bearer other-token'),
    withoutServer: async () => connect(await addressNobodyListensAt(), token),
    stall: async () => {
      gate.close();
      return { release: async () => gate.open() };
    },
    close: async () => {
      gate.open();
      await stub.close();
    },
  };
}

function answerOf(keeper: RowKeeper, call: StubCall, matchBy: 'index' | 'key'): unknown {
  const { results } = keeper.apply(call);
  if (matchBy === 'index') return { results };
  const sent = (JSON.parse(call.body.toString('utf8')) as { rows: object[] }).rows;
  return { results: results.map((result, at) => ({ ...sent[at], ...result })).toReversed() };
}

async function addressNobodyListensAt(): Promise<string> {
  const stub: HttpStub = await httpStub(() => undefined);
  await stub.close();
  return stub.url;
}

/** Lets everybody through until it is closed. */
class Gate {
  private waiting: Promise<void> | null = null;
  private release: () => void = () => undefined;

  close(): void {
    this.waiting = new Promise((resolve) => {
      this.release = resolve;
    });
  }

  open(): void {
    this.release();
    this.waiting = null;
  }

  async passed(): Promise<void> {
    await this.waiting;
  }
}
