// Owns every environment variable: names, defaults, checks. Does not read files and does not start anything.
import { isIP } from 'node:net';
import { isAbsolute, resolve } from 'node:path';
import { z } from 'zod';

/** What the launcher reads; null means "not set", and the launcher then provides it. */
export interface Config {
  /** Port of the API. */
  port: number;
  /** Address the API listens on. */
  host: string;
  /** PostgreSQL connection URL; null starts the embedded server. */
  databaseUrl: string | null;
  /** host:port of the Temporal service; null starts the dev server. */
  temporalAddress: string | null;
  temporalNamespace: string;
  /** Web UI that links point to; null when there is none to name. */
  temporalUiUrl: string | null;
  /** Where readers of alerts reach the API, without a slash at its end; null: nobody has said, and messages have no links. */
  publicUrl: string | null;
  temporalPort: number;
  temporalUiPort: number;
  /** Absolute path of the data directory. */
  dataDir: string;
  /** First admin token of the default workspace. */
  apiToken: string | null;
  /** 32 bytes that seal stored credentials. */
  secretKey: Buffer | null;
  /** Another 32 bytes, which only open what they have sealed: the key before, or the next one. */
  secretKeyPrevious: Buffer | null;
  /** Whether the demo runs; off by default when DATABASE_URL is set, so that it never writes to a foreign server unasked. */
  demo: boolean;
  logLevel: LogLevel;
  /** How long a run is kept after its end, days; 0: for ever. */
  runRetentionDays: number;
  /** How long row errors are kept after their run's end, days; 0: as long as the run. */
  rowErrorRetentionDays: number;
  /** Bytes that one worker's runs have for snapshots and plans together. */
  sieveMemoryBytes: number;
  /** Requests a minute for each token and API process, and as many at once; 0: no limit. GET. */
  rateLimitReads: number;
  /** Everything but GET. */
  rateLimitWrites: number;
  /** What makes a run. */
  rateLimitTriggers: number;
  /** Port at HOST where a worker serves its metrics; null: nowhere. */
  workerMetricsPort: number | null;
  /** Addresses and networks inside that HTTP destinations may be called at; null: nobody has said. */
  allowedInsideAddresses: readonly string[] | null;
  /** Path of the prebuilt workflow bundle; null bundles at the worker's start. */
  workflowBundle: string | null;
  /** The port variables set by hand: for these a taken port is an error, not a reason to move on. */
  portsSetByHand: ReadonlySet<PortVariable>;
}

/** What the API and worker processes need: the same, with the services in place. */
export interface ServiceConfig extends Config {
  databaseUrl: string;
  temporalAddress: string;
  secretKey: Buffer;
}

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

const portVariables = ['PORT', 'TEMPORAL_PORT', 'TEMPORAL_UI_PORT'] as const;
export type PortVariable = (typeof portVariables)[number];

/** The environment is wrong; the message lists every fault and is fit to print as it is. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(readonly faults: readonly string[]) {
    const one = faults.length === 1;
    super(
      `${one ? 'An environment variable is' : 'Environment variables are'} wrong:\n  ${faults.join('\n  ')}`,
    );
  }
}

const port = z
  .string()
  .regex(/^\d{1,5}$/, 'must be a port number')
  .transform(Number)
  .refine((value) => value >= 1 && value <= 65535, 'must be a port number between 1 and 65535');

const hostAndPort = z
  .string()
  .regex(/^(\[[0-9a-fA-F:]+\]|[^\s:/]+):\d{1,5}$/, 'must be host:port, without http://');

const days = z
  .string()
  .regex(/^\d{1,5}$/, 'must be a number of days, or 0')
  .transform(Number);

const perMinute = z
  .string()
  .regex(/^\d{1,7}$/, 'must be a number of requests a minute, or 0')
  .transform(Number);

/** A snapshot of 28,000,000 rows at once; larger ones are worked on in parts. */
const defaultSieveMemory = 1024 ** 3;

// Less than this is the snapshot of 400,000 rows: models that fit on any machine would be read in parts.
const smallestSieveMemory = 16 * 1024 ** 2;

const bytes = z
  .string()
  .regex(/^\d{1,7}(MB|GB)$/, 'must be a number of MB or GB, like 512MB')
  .transform((value) => parseInt(value, 10) * (value.endsWith('GB') ? 1024 ** 3 : 1024 ** 2))
  .refine((value) => value >= smallestSieveMemory, 'must be 16MB or more');

const everyAddress = ['0.0.0.0/0', '::/0'];

const schema = z.object({
  PORT: port.default(8080),
  HOST: z.string().default('127.0.0.1'),
  DATABASE_URL: z
    .string()
    .refine(isPostgresUrl, 'must be postgres://user:password@host:port/database')
    .optional(),
  TEMPORAL_ADDRESS: hostAndPort.optional(),
  TEMPORAL_NAMESPACE: z.string().default('default'),
  TEMPORAL_UI_URL: z.string().refine(isHttpUrl, 'must be an http:// or https:// address').optional(),
  PUBLIC_URL: z
    .string()
    .refine(isHttpUrl, 'must be an http:// or https:// address')
    .transform((value) => value.replace(/\/+$/, ''))
    .optional(),
  TEMPORAL_PORT: port.default(7233),
  TEMPORAL_UI_PORT: port.default(8233),
  DATA_DIR: z.string().default('.data'),
  // Shorter could be guessed; made tokens have 43 characters.
  API_TOKEN: z
    .string()
    .regex(/^[\x21-\x7e]{16,}$/, 'must be 16 or more printable characters without spaces')
    .optional(),
  SECRET_KEY: z.string().transform(decodeKey).optional(),
  SECRET_KEY_PREVIOUS: z.string().transform(decodeKey).optional(),
  DEMO: z.enum(['0', '1', 'true', 'false'], 'must be 1 or 0').optional(),
  LOG_LEVEL: z.enum(logLevels, `must be one of ${logLevels.join(', ')}`).default('info'),
  RUN_RETENTION_DAYS: days.default(400),
  ROW_ERROR_RETENTION_DAYS: days.default(100),
  SIEVE_MEMORY: bytes.default(defaultSieveMemory),
  // Two hundred a second, all day: scripts in a loop meet it, people and pages never do.
  RATE_LIMIT_READS: perMinute.default(12_000),
  RATE_LIMIT_WRITES: perMinute.default(1_200),
  // Ten a second: two thousand syncs every five minutes are seven.
  RATE_LIMIT_TRIGGERS: perMinute.default(600),
  WORKER_METRICS_PORT: port.optional(),
  ALLOWED_INSIDE_ADDRESSES: z
    .string()
    .transform((value) => (value === 'all' ? everyAddress : value.split(',').map((part) => part.trim())))
    .refine((networks) => networks.every(isNetwork), 'must be addresses or networks like 10.1.0.0/16, or all')
    .optional(),
  WORKFLOW_BUNDLE: z.string().optional(),
});

/** Reads the launcher's configuration. An empty variable counts as unset. Throws ConfigError with all faults. */
export function loadConfig(env: NodeJS.ProcessEnv): Config {
  const present = Object.entries(env).filter(([, value]) => value !== undefined && value !== '');
  const parsed = schema.safeParse(Object.fromEntries(present));
  if (!parsed.success) {
    // Values are not repeated: a URL or key in a terminal or log would give the secret away.
    throw new ConfigError(parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`));
  }
  const { data } = parsed;
  return {
    port: data.PORT,
    host: data.HOST,
    databaseUrl: data.DATABASE_URL ?? null,
    temporalAddress: data.TEMPORAL_ADDRESS ?? null,
    temporalNamespace: data.TEMPORAL_NAMESPACE,
    temporalUiUrl: data.TEMPORAL_UI_URL ?? null,
    publicUrl: data.PUBLIC_URL ?? null,
    temporalPort: data.TEMPORAL_PORT,
    temporalUiPort: data.TEMPORAL_UI_PORT,
    dataDir: isAbsolute(data.DATA_DIR) ? data.DATA_DIR : resolve(process.cwd(), data.DATA_DIR),
    apiToken: data.API_TOKEN ?? null,
    secretKey: data.SECRET_KEY ?? null,
    secretKeyPrevious: data.SECRET_KEY_PREVIOUS ?? null,
    demo:
      data.DEMO === undefined ? data.DATABASE_URL === undefined : data.DEMO === '1' || data.DEMO === 'true',
    logLevel: data.LOG_LEVEL,
    runRetentionDays: data.RUN_RETENTION_DAYS,
    rowErrorRetentionDays: data.ROW_ERROR_RETENTION_DAYS,
    sieveMemoryBytes: data.SIEVE_MEMORY,
    rateLimitReads: data.RATE_LIMIT_READS,
    rateLimitWrites: data.RATE_LIMIT_WRITES,
    rateLimitTriggers: data.RATE_LIMIT_TRIGGERS,
    workerMetricsPort: data.WORKER_METRICS_PORT ?? null,
    allowedInsideAddresses: data.ALLOWED_INSIDE_ADDRESSES ?? null,
    workflowBundle: data.WORKFLOW_BUNDLE ?? null,
    portsSetByHand: new Set(portVariables.filter((name) => (env[name] ?? '') !== '')),
  };
}

/** Reads the configuration of an API or worker process. Throws ConfigError also when a service is not named. */
export function loadServiceConfig(env: NodeJS.ProcessEnv): ServiceConfig {
  const config = loadConfig(env);
  const { databaseUrl, temporalAddress, secretKey } = config;
  if (databaseUrl === null || temporalAddress === null || secretKey === null) {
    const unset = Object.entries({
      DATABASE_URL: databaseUrl,
      TEMPORAL_ADDRESS: temporalAddress,
      SECRET_KEY: secretKey,
    });
    throw new ConfigError(
      unset
        .filter(([, value]) => value === null)
        .map(([name]) => `${name} must be set (npm start sets it by itself)`),
    );
  }
  return { ...config, databaseUrl, temporalAddress, secretKey };
}

/** The key that seals, and with it the one that only opens, if there is one. */
export function secretKeyOf({ secretKey, secretKeyPrevious }: ServiceConfig): Buffer | [Buffer, Buffer] {
  return secretKeyPrevious ? [secretKey, secretKeyPrevious] : secretKey;
}

function isPostgresUrl(value: string): boolean {
  return URL.canParse(value) && ['postgres:', 'postgresql:'].includes(new URL(value).protocol);
}

function isHttpUrl(value: string): boolean {
  return URL.canParse(value) && ['http:', 'https:'].includes(new URL(value).protocol);
}

/** An IP address, or a network of them: `10.1.0.0/16`. */
function isNetwork(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || address.includes('%') || rest.length > 0) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (family === 4 ? 32 : 128));
}

function decodeKey(value: string, context: z.RefinementCtx): Buffer {
  const key = Buffer.from(value, /^[0-9a-fA-F]{64}$/.test(value) ? 'hex' : 'base64');
  if (key.length === 32) return key;
  context.addIssue({
    code: 'custom',
    message: 'must be 32 bytes as base64 or hex (openssl rand -base64 32)',
  });
  return z.NEVER;
}
