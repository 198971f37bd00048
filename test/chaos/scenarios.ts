// Owns the list of scenarios, in the order in which they are run.
import { apiKills } from './scenarios/api-kills';
import type { Scenario } from './chaos-result';
import { deliveryKills } from './scenarios/delivery-kills';
import { incidentKills } from './scenarios/incident-kills';
import { expiredKey } from './scenarios/expired-key';
import { laneKills } from './scenarios/lane-kills';
import { missedSlots } from './scenarios/missed-slots';
import { movingSource } from './scenarios/moving-source';
import { postgresKills } from './scenarios/postgres-kills';
import { postgresTrouble } from './scenarios/postgres-trouble';
import { randomKills } from './scenarios/random-kills';
import { replacedWorkers } from './scenarios/replaced-workers';
import { temporalOutage } from './scenarios/temporal-outage';
import { triggerStorm } from './scenarios/trigger-storm';
import { uiActs } from './scenarios/ui-acts';
import { workerKills } from './scenarios/worker-kills';
import { wrongClocks } from './scenarios/wrong-clocks';

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
  deliveryKills,
  incidentKills,
  randomKills,
];
