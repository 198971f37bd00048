// Owns telling from a lane's error that the destination applied nothing. What then becomes of the batch is others' matter.
import { CallWithheld } from '../../connectors/call-withheld';
import { ConnectorFailure } from '../../connectors/connector-failure';

/** Whether the call that threw certainly had no effect: never sent, or refused by the destination's own word. */
export function isWithoutEffect(error: unknown): boolean {
  return error instanceof CallWithheld || (error instanceof ConnectorFailure && error.nothingApplied);
}
