// Owns that a worker judges at once what it has closed itself.
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import type { Activities } from '../../activities/index';
import type { Bell } from '../reconciler/bell';

const closing = 'closeRun' satisfies keyof Activities;

/** Rings when a run has been closed. */
export function ringAtClose(bell: Bell): ActivityInterceptorsFactory {
  return ({ info }) => ({
    inbound: {
      async execute(input, next) {
        const closed = await next(input);
        if (info.activityType === closing) bell.ring();
        return closed;
      },
    },
  });
}
