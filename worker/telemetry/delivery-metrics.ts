// Owns what is counted about messages to alert channels. Labels are closed lists of the domain: no channel has a name here.
import { Counter, type Registry } from 'prom-client';
import type { DeliveryWatcher } from '../../activities/deps';

export function deliveryMetrics(registry: Registry): DeliveryWatcher {
  const registers = [registry];
  const tries = new Counter({
    name: 'signalsmith_delivery_attempts_total',
    help: 'Attempts at messages to alert channels, by kind of channel and by what they came to.',
    labelNames: ['kind', 'result'],
    registers,
  });
  const failures = new Counter({
    name: 'signalsmith_deliveries_failed_total',
    help: 'Messages that were given up, by kind of channel.',
    labelNames: ['kind'],
    registers,
  });
  const switchedOff = new Counter({
    name: 'signalsmith_channels_switched_off_total',
    help: 'Alert channels that were switched off because nothing could be told there, by kind.',
    labelNames: ['kind'],
    registers,
  });
  return {
    tried: (kind, result) => tries.inc({ kind, result }),
    failed: (kind) => failures.inc({ kind }),
    switchedOff: (kind) => switchedOff.inc({ kind }),
  };
}
