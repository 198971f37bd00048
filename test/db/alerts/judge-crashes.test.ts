// A judge that dies before any of its statements, or before it hears that the last one was done: whoever judges next makes of
// it what one judge would have made, once.
import type { Knex } from 'knex';
import { judgeByClock } from '../../../db/alerts/judge/judge-by-clock';
import { judgeDue } from '../../../db/alerts/judge/judge-due';
import { waitForJudgesTurn } from '../../../db/alerts/judge/due-judgements';
import { pauseSync } from '../../../db/configuration/schedule-store';
import type { StoredSync } from '../../../db/configuration/sync-store';
import { connect } from '../../../db/connect';
import { daily } from '../../factories/a-schedule';
import { aSync } from '../../factories/a-sync';
import { anAlertChannel } from '../../factories/an-alert';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { completedRun, failingRun, judgeAll, messagesOf, passGathering, storyOf } from './judging';

let database: TestDatabase;
let knex: Knex;
beforeAll(async () => {
  database = await createTestDatabase();
  knex = connect(database.url, { poolSize: 10 });
});
afterAll(async () => {
  await knex.destroy();
  await database.drop();
});

/** When a process dies, counted in the statements it sends. */
interface Death {
  /** 1: before the first. */
  readonly beforeStatement: number;
}

type Callback = (error: Error | null, result?: unknown) => void;
interface RawConnection {
  query(config: { text: string }, callback: Callback): unknown;
  readonly connection: { readonly stream: { destroy(): void } };
}

/** What a process of one connection does before it dies; says what it came to send last. */
async function dying(death: Death, work: (own: Knex) => Promise<unknown>): Promise<string | null> {
  const own = connect(database.url, { poolSize: 1 });
  const { client } = own;
  const make = client.acquireRawConnection.bind(client) as () => Promise<RawConnection>;
  let sent = 0;
  let last: string | null = null;
  client.acquireRawConnection = async () => {
    const made = await make();
    const query = made.query.bind(made);
    made.query = (config, callback) => {
      sent += 1;
      const die = (): void => {
        last = config.text;
        made.connection.stream.destroy();
        callback(new Error('Connection terminated unexpectedly'));
      };
      if (sent === death.beforeStatement) return die();
      // The commit is done, and nobody hears of it.
      const isLast = /^commit/i.test(config.text) && sent === death.beforeStatement - 1;
      return query(config, isLast ? (error, result) => (error ? callback(error, result) : die()) : callback);
    };
    return made;
  };
  try {
    await work(own).catch((error: unknown) => {
      if (last === null) throw error;
    });
    return last;
  } finally {
    await own.destroy();
  }
}

/** What there is to judge, by whom, and what is to come of it. */
interface Story {
  prepare(sync: StoredSync): Promise<unknown>;
  judge(own: Knex): Promise<unknown>;
  readonly said: readonly string[];
  readonly told: readonly string[];
}

const toldLongAgo = async (sync: StoredSync) => {
  await knex('alerts')
    .where({ sync_id: sync.id })
    .update({ told_at: knex.raw(`now() - interval '25 hours'`) });
  await passGathering(knex, sync);
};
const failed = async (sync: StoredSync) => {
  await failingRun(knex, sync);
  await judgeAll(knex);
  await toldLongAgo(sync);
};

const stories: Readonly<Record<string, Story>> = {
  'an alert that is opened': {
    prepare: (sync) => failingRun(knex, sync),
    judge: judgeDue,
    said: ['opened run_failed'],
    told: ['alert.raised'],
  },
  'one that goes on and is told again': {
    prepare: async (sync) => {
      await failed(sync);
      await failingRun(knex, sync);
    },
    judge: judgeDue,
    said: ['opened run_failed', 'repeated run_failed', 'reminded run_failed'],
    told: ['alert.raised', 'alert.repeated'],
  },
  'one that is over': {
    prepare: async (sync) => {
      await failed(sync);
      await completedRun(knex, sync);
    },
    judge: judgeDue,
    said: ['opened run_failed', 'resolved run_failed'],
    told: ['alert.raised', 'alert.resolved'],
  },
  'one that is over before it was told': {
    prepare: async (sync) => {
      await failed(sync);
      await knex('alert_deliveries')
        .where({ workspace_id: sync.workspaceId })
        .update({ gathers: true, due_at: knex.raw(`now() + interval '1 minute'`) });
      await completedRun(knex, sync);
    },
    judge: judgeDue,
    said: ['opened run_failed', 'resolved run_failed'],
    told: [],
  },
  'one that the clock opens': {
    prepare: async (sync) => {
      await pauseSync(knex, { workspaceId: sync.workspaceId, syncId: sync.id }, null, null);
      await knex('syncs').where({ id: sync.id }).update({ paused_at: '2025-01-01' });
    },
    judge: (own) => judgeByClock(own, async () => new Map()),
    said: ['opened schedule_paused'],
    told: ['alert.raised'],
  },
};

test.each(Object.keys(stories))('%s, whichever statement is the last', async (name) => {
  const { prepare, judge, said, told } = stories[name] as Story;
  const ends: string[] = [];
  for (let beforeStatement = 1; ; beforeStatement += 1) {
    const sync = await aSync(knex, { schedule: daily });
    await anAlertChannel(knex, sync.workspaceId);
    await prepare(sync);
    const end = await dying({ beforeStatement }, judge);
    // Its session may outlive it for a moment, and its turn with it.
    await knex.transaction(waitForJudgesTurn);
    await judge(knex);
    await judgeAll(knex);
    expect([end, await storyOf(knex, sync)]).toEqual([end, said]);
    const messages = (await messagesOf(knex, sync)).filter(([, state]) => state !== 'withdrawn');
    expect([end, messages]).toEqual([end, told.map((type) => [type, 'pending', 1])]);
    if (end === null) break;
    ends.push(end);
  }
  // From the first to the commit, before it and after it.
  expect(ends.length).toBeGreaterThan(10);
  expect(ends[0]).toMatch(/^begin/i);
  expect(ends.slice(-2)).toEqual([expect.stringMatching(/^commit/i), expect.stringMatching(/^commit/i)]);
});
