// Owns that no transaction is open while a worker looks at the outside world, which may take half a minute: the handler is
// broken off where it asks, and begun anew with what was found.
import type { InspectInput, InspectResult } from '../../workflows/messages';
import type { Inspector } from '../configuration/inspector';

/** Thrown through a handler that asks for an inspection that has not been made yet. */
export class InspectionWanted extends Error {
  override readonly name = 'InspectionWanted';

  constructor(readonly input: InspectInput) {
    super('an inspection is made outside of the transaction');
  }
}

/** The inspections of one request. */
export class Inspections {
  private readonly found = new Map<string, InspectResult>();

  constructor(private readonly inspector: Inspector) {}

  /** Answers with what was found before, and throws InspectionWanted for anything else. */
  readonly known: Inspector = {
    inspect: async (input) => {
      const found = this.found.get(JSON.stringify(input));
      if (!found) throw new InspectionWanted(input);
      return found;
    },
  };

  /** Throws InspectionUnavailableError. */
  async make(input: InspectInput): Promise<void> {
    this.found.set(JSON.stringify(input), await this.inspector.inspect(input));
  }
}
