/* A preload that puts a process's wall clock ahead or behind, as a file says and whenever it changes. Timers stay as they are. */
'use strict';

const { readFileSync, writeFileSync } = require('node:fs');
const { isMainThread } = require('node:worker_threads');

const file = process.env.CLOCK_FILE;
const lookEveryMs = 20;
const TrueDate = Date;
let said = '';
let aheadMs = 0;

const now = () => TrueDate.now() + aheadMs;

globalThis.Date = new Proxy(TrueDate, {
  construct: (target, parts, self) => Reflect.construct(target, parts.length === 0 ? [now()] : parts, self),
  apply: () => new TrueDate(now()).toString(),
  get: (target, key) => (key === 'now' ? now : Reflect.get(target, key)),
});

function step() {
  const before = said;
  said = readFileSync(file, 'utf8');
  if (said === before) return;
  aheadMs = Number(said);
  // So that a test knows from when on the clock is wrong.
  if (isMainThread) writeFileSync(`${file}.taken`, said);
}

step();
setInterval(step, lookEveryMs).unref();
