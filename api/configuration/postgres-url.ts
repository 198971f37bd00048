// Owns taking a PostgreSQL URL apart: what may be shown, what is sealed, and what is wrong with it. Connects to nothing.
import { z } from 'zod';
import { text } from '../fields';

/** What is stored in clear and shown of a PostgreSQL connection. */
export interface PostgresParts {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly sslmode?: string;
}

// The driver takes many more and some read files of the worker (sslcert) or go elsewhere (host): none of those.
const sslModes = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full', 'no-verify'];
const defaultPort = 5432;
// One name or address, as it stands: escapes could spell a socket's path, and a comma would name several.
const hostForm = /^(?:[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,251}[A-Za-z0-9_.])?|\[[0-9a-f:.]+\])$/;

/** `postgres://user:password@host:port/database?sslmode=…`; the output is the URL as given, and its parts. */
export const postgresUrl = text(2_000).transform((url, context) => {
  const parts = partsOf(url);
  if (typeof parts !== 'string') return { url, parts };
  // The URL is not repeated in the answer: it may hold the password.
  context.addIssue({ code: 'custom', message: parts });
  return z.NEVER;
});

function partsOf(text: string): PostgresParts | string {
  if (!URL.canParse(text)) return 'Must be postgres://user:password@host:port/database.';
  const url = new URL(text);
  if (!['postgres:', 'postgresql:'].includes(url.protocol)) return 'Must begin with postgres://.';
  if (url.hostname === '') return 'Names no host: postgres://user:password@host:port/database.';
  if (!hostForm.test(url.hostname))
    return 'Has a host that is neither a name nor an address; exactly one is possible, and no socket.';
  if ([url.pathname, url.username, url.password].some((part) => decoded(part) === null))
    return 'Has a % that begins no escape: write it as %25.';
  const database = decoded(url.pathname.slice(1));
  if (!database) return 'Names no database: postgres://user:password@host:port/database.';
  const user = decoded(url.username);
  if (!user) return 'Names no user: postgres://user:password@host:port/database.';
  const sslmode = url.searchParams.get('sslmode');
  if (url.searchParams.getAll('sslmode').length > 1) return 'Has the parameter "sslmode" more than once.';
  const unknown = [...url.searchParams.keys()].find((key) => key !== 'sslmode');
  if (unknown !== undefined) return `Has the parameter "${unknown}"; only sslmode is possible.`;
  if (sslmode !== null && !sslModes.includes(sslmode))
    return `Has an sslmode other than ${sslModes.join(', ')}.`;
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? defaultPort : Number(url.port),
    database,
    user,
    ...(sslmode === null ? {} : { sslmode }),
  };
}

function decoded(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
}
