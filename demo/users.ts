// Owns the people in the demo's warehouse at its two stages, made from numbers alone: the same users on every machine.

import { faultyEmails, firstNames, lastNames, notes } from './words';

/** `one` is what the first run finds, `two` the morning after: everybody was seen again, and new people came. */
export type Stage = 'one' | 'two';

/** One line of public.users. Times are ISO 8601, money has two decimals. */
export interface User {
  readonly id: string;
  readonly email: string;
  readonly first_name: string;
  readonly last_name: string | null;
  readonly account_id: number;
  readonly description: string | null;
  readonly lifetime_value: string;
  readonly last_seen_at: string;
  readonly created_at: string;
  readonly updated_at: string;
}

type Fault = 'email' | 'last_name' | 'description';

// The second run has to come out as 15,432 processed, 1,205 created, 13,891 updated, 336 failed:
// 14,000 users are there at first, 38 of them with a fault; by the second stage 71 more have one (14,000 - 109 = 13,891),
// and of the 1,432 who are new, 227 came from a careless import (1,432 - 227 = 1,205; 109 + 227 = 336).
const usersAtStage: Readonly<Record<Stage, number>> = { one: 14_000, two: 15_432 };
const faultyFromTheStart = 38;
const faultyOldUsers = 109;
const faultyNewUsers = 227;

/** How many accounts the users belong to. */
export const accountCount = 640;

// The three everybody asks about come first in the order of reading: no other faulty user has a smaller number.
const namedFaults: ReadonlyMap<number, Fault> = new Map([
  [123, 'email'],
  [456, 'last_name'],
  [789, 'description'],
]);
const faultKinds: readonly Fault[] = ['email', 'last_name', 'description'];
const longDescriptionChars = { least: 256, spread: 160 };

const firstSignup = Date.UTC(2021, 2, 1, 8, 0, 0);
const minutesBetweenSignups = 131;
const nightOfStage: Readonly<Record<Stage, number>> = {
  one: Date.UTC(2025, 0, 14, 2, 30, 0),
  two: Date.UTC(2025, 0, 15, 2, 30, 0),
};
const dayMs = 86_400_000;

/** All users at a stage, by number from 1, which is also the order they signed up in. */
export function usersOf(stage: Stage): User[] {
  const faults = faultsOf(stage);
  return Array.from({ length: usersAtStage[stage] }, (_, index) =>
    userOf(index + 1, stage, faults.get(index + 1)),
  );
}

/** Which users have which fault at a stage, by number. */
function faultsOf(stage: Stage): Map<number, Fault> {
  const random = randomFrom(20250115);
  const kind = (): Fault => pick(faultKinds, random);
  const old = sample(faultyOldUsers - namedFaults.size, 790, usersAtStage.one, random).map(
    (n) => [n, kind()] as const,
  );
  const added = sample(faultyNewUsers, usersAtStage.one + 1, usersAtStage.two, random).map(
    (n) => [n, kind()] as const,
  );
  return stage === 'one'
    ? new Map(old.slice(0, faultyFromTheStart))
    : new Map([...namedFaults, ...old, ...added]);
}

function userOf(number: number, stage: Stage, fault: Fault | undefined): User {
  // Of its own for each user, so that what does not change between the stages is the same in both.
  const random = randomFrom(number);
  const firstName = pick(firstNames, random);
  const lastName = pick(lastNames, random);
  const lifetimeCents = Math.floor(random() ** 3 * 900_000);
  const spentTodayCents = 100 + Math.floor(random() * 20_000);
  const description = random() < 0.6 ? `${pick(notes, random)} ${pick(notes, random)}` : null;
  const domain = pick(['com', 'org', 'net'], random);
  const goodEmail = `${asciiOf(firstName)}.${asciiOf(lastName)}${number}@example.${domain}`;
  const faultyEmail = number === 123 ? faultyEmails[0] : pick(faultyEmails, random);
  const longChars = longDescriptionChars.least + Math.floor(random() * longDescriptionChars.spread);
  const seenAgo = Math.floor(random() * dayMs);
  const night = nightOfStage[stage];
  const cents = lifetimeCents + (stage === 'two' ? spentTodayCents : 0);
  return {
    id: `usr_${number}`,
    email: fault === 'email' ? faultyEmail : goodEmail,
    first_name: firstName,
    last_name: fault === 'last_name' ? null : lastName,
    account_id: 1 + Math.floor(random() * accountCount),
    description: fault === 'description' ? longText(longChars, random) : description,
    lifetime_value: (cents / 100).toFixed(2),
    last_seen_at: new Date(night - seenAgo).toISOString(),
    created_at: new Date(firstSignup + number * minutesBetweenSignups * 60_000).toISOString(),
    updated_at: new Date(night).toISOString(),
  };
}

function longText(chars: number, random: () => number): string {
  // As characters, not UTF-16 units: half an emoji is no text for PostgreSQL.
  const text: string[] = [];
  while (text.length < chars) text.push(...Array.from(pick(notes, random)), ' ');
  return `${text.slice(0, chars - 1).join('')}.`;
}

/** Mulberry32: a number in [0, 1) on every call, the same row of them for the same seed. */
export function randomFrom(seed: number): () => number {
  let state = Math.imul(seed, 0x9e3779b1) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** One of the choices, by the next random number. */
export function pick<T>(choices: readonly T[], random: () => number): T {
  return choices[Math.floor(random() * choices.length)] as T;
}

function sample(count: number, from: number, to: number, random: () => number): number[] {
  const chosen = new Set<number>();
  while (chosen.size < count) chosen.add(from + Math.floor(random() * (to - from + 1)));
  return [...chosen];
}

function asciiOf(name: string): string {
  const plain = name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replaceAll('ł', 'l')
    .replaceAll('ø', 'o')
    .replaceAll('Ø', 'O');
  return plain.toLowerCase().replace(/[^a-z]/g, '') || 'user';
}
