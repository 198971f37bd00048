// Owns the demo's warehouse: tables public.users and public.accounts, and what they hold at each stage. Not who reads them.

import type { Client } from 'pg';
import { type Stage, accountCount, pick, randomFrom, usersOf } from './users';
import { companyForms, companyKinds, companyStems, plans } from './words';

/** The model the demo syncs: one row for each user, in the order they signed up. */
export const usersModelSql = `select
  u.id,
  u.email,
  u.first_name,
  u.last_name,
  a.name as company,
  a.plan,
  u.lifetime_value,
  u.description,
  u.last_seen_at
from public.users u
join public.accounts a on a.id = u.account_id
order by u.created_at`;

// Marks the tables as the demo's own, so that nobody else's users are ever replaced.
const ownerMark = 'Made by the SignalSmith demo; its contents are replaced.';

const createTables = `
create table public.accounts (
  id integer primary key,
  name text not null,
  plan text not null
);
create table public.users (
  id text primary key,
  email text,
  first_name text,
  last_name text,
  account_id integer not null references public.accounts (id),
  description text,
  lifetime_value numeric(12, 2) not null,
  last_seen_at timestamptz,
  created_at timestamptz not null unique,
  updated_at timestamptz not null
);
comment on table public.accounts is '${ownerMark}';
comment on table public.users is '${ownerMark}';
`;

/**
 * Makes the tables, empty, when they are not there. Throws when public.users or public.accounts exist and are not the
 * demo's.
 */
export async function ensureTables(client: Client): Promise<void> {
  const { rows } = await client.query<{ users: string | null; accounts: string | null; exist: boolean }>(`
    select obj_description(to_regclass('public.users')) as users,
           obj_description(to_regclass('public.accounts')) as accounts,
           to_regclass('public.users') is not null or to_regclass('public.accounts') is not null as exist`);
  const found = rows[0];
  if (!found?.exist) {
    await client.query(createTables);
  } else if (found.users !== ownerMark || found.accounts !== ownerMark) {
    throw new Error(
      'the warehouse has a table public.users or public.accounts of its own; give the demo an empty database',
    );
  }
}

/** Brings the tables to a stage, whatever they held. Runs in the caller's transaction; idempotent. Throws as ensureTables. */
export async function fillWarehouse(client: Client, stage: Stage): Promise<void> {
  await ensureTables(client);
  if (stage === 'one') await client.query('delete from public.users');
  await merge(client, 'accounts', accounts());
  await merge(client, 'users', usersOf(stage));
}

// One statement for all lines, as a nightly refresh would merge them: 15,432 users take 0.3 s.
async function merge(client: Client, table: 'users' | 'accounts', lines: readonly object[]): Promise<void> {
  const columns = Object.keys(lines[0] ?? {});
  const others = columns
    .filter((column) => column !== 'id')
    .map((column) => `${column} = excluded.${column}`);
  await client.query(
    `insert into public.${table} (${columns.join(', ')})
     select ${columns.join(', ')} from json_populate_recordset(null::public.${table}, $1)
     on conflict (id) do update set ${others.join(', ')}`,
    [JSON.stringify(lines)],
  );
}

function accounts(): { id: number; name: string; plan: string }[] {
  const random = randomFrom(640);
  return Array.from({ length: accountCount }, (_, index) => ({
    id: index + 1,
    name: `${pick(companyStems, random)} ${pick(companyKinds, random)} ${pick(companyForms, random)}`,
    plan: pick(plans, random),
  }));
}
