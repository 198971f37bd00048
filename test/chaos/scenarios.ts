// Owns the list of scenarios, in the order in which they are run.
import { apiKills } from './api-kills';
import type { Scenario } from './chaos-result';
import { expiredKey } from './expired-key';
import { laneKills } from './lane-kills';
import { missedSlots } from './missed-slots';
import { movingSource } from './moving-source';
import { postgresKills } from './postgres-kills';
import { postgresTrouble } from './postgres-trouble';
import { randomKills } from './random-kills';
import { replacedWorkers } from './replaced-workers';
import { temporalOutage } from './temporal-outage';
import { triggerStorm } from './trigger-storm';
import { uiActs } from './ui-acts';
import { workerKills } from './worker-kills';
import { wrongClocks } from './wrong-clocks';

export const scenarios: readonly Scenario[] = [
  workerKills,
  laneKills,
  replacedWorkers,
  postgresKills,
  postgresTrouble,
  temporalOutage,
  apiKills,
  triggerStorm,
  uiActs,
  movingSource,
  expiredKey,
  wrongClocks,
  missedSlots,
  randomKills,
];
