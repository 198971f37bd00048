// Owns what a PATCH of a destination makes of what is stored: by its kind, checked whole, and whether it leads elsewhere then.
// Stores nothing.
import { z } from 'zod';
import type { ConnectionChange } from '../../db/configuration/connection-store';
import type { StoredDestination } from '../../db/configuration/destination-store';
import { unprocessable } from '../errors';
import { validate } from '../middleware/validate';
import { httpConfig, newHttpAddresses } from './http-schema';
import { type DestinationPatch, postgresConfigPatch } from './schema';

type Content = Pick<ConnectionChange, 'config' | 'secrets'>;
type Config = StoredDestination['config'];

export interface DestinationChange extends Content {
  readonly name: string | undefined;
  /** Whether rows go to another place: another server, database or address. */
  readonly isMove: boolean;
}

/** Throws 400 with every fault, and 422 when credentials would go to a host they were not given for. */
export function changeOf(stored: StoredDestination, patch: DestinationPatch): DestinationChange {
  const content = stored.kind === 'http' ? httpChange(stored, patch) : postgresChange(stored, patch);
  const places = stored.kind === 'http' ? httpPlaces : postgresPlace;
  const isMove = content.config !== undefined && places(content.config) !== places(stored.config);
  return { name: patch.name, ...content, isMove };
}

const noSecrets = z.never('The password stands in config.url.').optional();
const postgresPatch = z.looseObject({ config: postgresConfigPatch.optional(), secrets: noSecrets });

function postgresChange(stored: StoredDestination, patch: DestinationPatch): Content {
  const { config } = validate(postgresPatch, patch, 'body');
  if (config === undefined) return {};
  const { url: connection, ...habits } = config;
  if (!connection) return { config: { ...stored.config, ...habits } };
  // The parts of another URL may be fewer: none of the old ones stay.
  const { atomic_rows, lanes } = stored.config;
  return {
    config: { ...connection.parts, atomic_rows, lanes, ...habits },
    secrets: { url: connection.url },
  };
}

const httpPatch = z.looseObject({ config: httpConfig });
const httpPatchAddresses = z.looseObject({ config: newHttpAddresses });

function httpChange(stored: StoredDestination, { config: given, secrets }: DestinationPatch): Content {
  if (given === undefined) return { secrets };
  const { config } = validate(httpPatch, { config: { ...stored.config, ...given } }, 'body');
  validate(httpPatchAddresses, { config: given }, 'body');
  if (stored.hasSecrets && secrets === undefined) assertKnownHosts(stored.config, config);
  return { config, secrets };
}

// Who may change an address may not read the credentials: sent along to another host he would have them.
function assertKnownHosts(before: Config, after: Config): void {
  const known = addressesIn(before).map((address) => new URL(address).origin);
  const added = addressesIn(after).find((address) => !known.includes(new URL(address).origin));
  if (added === undefined) return;
  const { origin } = new URL(added);
  throw unprocessable([
    {
      pointer: '/secrets',
      code: 'required',
      detail: `The stored secrets were not given for ${origin}: send those that are meant for it, or null for none.`,
    },
  ]);
}

function addressesIn({ url, delete_url: deleteUrl }: Config): string[] {
  return [url, deleteUrl].filter((address) => typeof address === 'string');
}

function httpPlaces(config: Config): string {
  return JSON.stringify([config['url'], config['delete_url'] ?? null]);
}

function postgresPlace({ host, port, database }: Config): string {
  return JSON.stringify([host, port, database]);
}
