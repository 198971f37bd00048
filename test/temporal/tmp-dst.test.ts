import { Client, Connection } from '@temporalio/client';
import { newSchedule, scheduleOf } from '../../api/syncs/schedule-schema';
import { scheduleIdOf, temporalSchedules } from '../../temporal/schedules';
import { testServers } from '../support/servers';
import { aDefinition } from './schedules-contract';
test('measure', async () => {
  const connection = await Connection.connect({ address: testServers().temporalAddress });
  const client = new Client({ connection });
  const s = temporalSchedules(client, 'q');
  const out: string[] = [];
  const ts = (iso: string) => ({ seconds: Date.parse(iso) / 1000 - 1, nanos: 0 }) as never;
  for (const [cron, time_zone, a, b] of [
    ['0 * * * *', 'Europe/Berlin', '2026-10-24T22:00:00Z', '2026-10-25T04:00:00Z'],
    ['*/15 * * * *', 'Europe/Berlin', '2026-10-24T23:30:00Z', '2026-10-25T02:45:00Z'],
    ['0 2 * * *', 'Europe/Berlin', '2026-10-24T22:00:00Z', '2026-10-25T04:00:00Z'],
    ['0 1 * * *', 'America/New_York', '2026-11-01T04:00:00Z', '2026-11-01T08:00:00Z'],
    ['0,30 1 * * *', 'America/New_York', '2026-11-01T04:00:00Z', '2026-11-01T08:00:00Z'],
    ['*/15 * * * *', 'Australia/Lord_Howe', '2026-04-04T13:45:00Z', '2026-04-04T16:15:00Z'],
    ['*/20 * * * *', 'America/New_York', '2026-11-01T04:40:00Z', '2026-11-01T07:40:00Z'],
    ['*/15 * * * *', 'Europe/Berlin', '2026-03-29T00:30:00Z', '2026-03-29T01:45:00Z'],
  ] as const) {
    const d = aDefinition({ schedule: scheduleOf(newSchedule.parse({ cron, time_zone })) });
    await s.apply(d);
    const r = await client.workflowService.listScheduleMatchingTimes({ namespace: 'default', scheduleId: scheduleIdOf(d.syncId), startTime: ts(a), endTime: ts(b) });
    out.push(`${cron} ${time_zone}: ${r.startTime.map(({ seconds }) => new Date(Number(seconds) * 1000).toISOString().slice(11, 16)).join(' ')}`);
    await s.remove(d.syncId);
  }
  console.log(out.join('\n'));
  await connection.close();
}, 200000);
