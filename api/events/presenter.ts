// Owns how an event looks on the wire, of a run or of a sync itself.
import type { RunEventView } from '../../db/views/run-events-view';
import { preciseWireTime } from '../wire-time';

export function presentEvent({ id, at, type, detail }: RunEventView): object {
  return { id, at: preciseWireTime(at), type, detail };
}
