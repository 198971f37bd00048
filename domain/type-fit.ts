// Owns which types of model columns a PostgreSQL column takes, by their names alone: values travel as text, and the column
// reads it. Tells only what is certain, or what some values will certainly meet; types it does not know fit everywhere.

/** `never`: no value but null is taken. `sometimes`: values that do not read as the type are refused, row by row. */
export type TypeFit = 'always' | 'sometimes' | 'never';

type Family =
  | 'text'
  | 'whole'
  | 'decimal'
  | 'boolean'
  | 'date'
  | 'time'
  | 'timestamp'
  | 'interval'
  | 'uuid'
  | 'json'
  | 'bytes'
  | 'list';

const families: Readonly<Record<string, Family>> = {
  text: 'text',
  'character varying': 'text',
  character: 'text',
  name: 'text',
  smallint: 'whole',
  integer: 'whole',
  bigint: 'whole',
  numeric: 'decimal',
  real: 'decimal',
  'double precision': 'decimal',
  boolean: 'boolean',
  date: 'date',
  'time without time zone': 'time',
  'time with time zone': 'time',
  'timestamp without time zone': 'timestamp',
  'timestamp with time zone': 'timestamp',
  interval: 'interval',
  uuid: 'uuid',
  json: 'json',
  jsonb: 'json',
  bytea: 'bytes',
};

const strict: readonly Family[] = [
  'whole',
  'decimal',
  'boolean',
  'date',
  'time',
  'timestamp',
  'interval',
  'uuid',
  'json',
  'list',
];

// Not named: what always fits, as every whole number is a decimal one, or what nobody can be sure of.
const misfits: Readonly<
  Record<Family, { readonly never: readonly Family[]; readonly sometimes: readonly Family[] }>
> = {
  text: { never: [], sometimes: strict },
  whole: { never: ['uuid', 'list'], sometimes: ['boolean', 'date', 'time', 'timestamp'] },
  decimal: {
    never: ['uuid', 'list'],
    sometimes: ['whole', 'boolean', 'date', 'time', 'timestamp', 'interval', 'json'],
  },
  // Its text is t or f.
  boolean: { never: strict.filter((family) => family !== 'boolean'), sometimes: [] },
  date: { never: ['whole', 'decimal', 'boolean', 'uuid', 'json', 'list'], sometimes: ['time', 'interval'] },
  time: { never: ['whole', 'decimal', 'boolean', 'uuid', 'json', 'list'], sometimes: ['date', 'timestamp'] },
  timestamp: { never: ['whole', 'decimal', 'boolean', 'uuid', 'json', 'list'], sometimes: ['interval'] },
  interval: {
    never: ['whole', 'decimal', 'boolean', 'uuid', 'json', 'list'],
    sometimes: ['date', 'time', 'timestamp'],
  },
  uuid: { never: strict.filter((family) => family !== 'uuid'), sometimes: [] },
  json: { never: [], sometimes: strict.filter((family) => family !== 'json') },
  bytes: { never: strict, sometimes: [] },
  list: {
    never: ['whole', 'decimal', 'boolean', 'uuid'],
    sometimes: ['json', 'date', 'time', 'timestamp', 'interval'],
  },
};

/** Both as PostgreSQL's format_type names them: `numeric(10,2)`, `text[]`. */
export function typeFit(columnType: string, fieldType: string): TypeFit {
  const from = familyOf(columnType);
  const to = familyOf(fieldType);
  if (from === null || to === null || from === to) return 'always';
  if (misfits[from].never.includes(to)) return 'never';
  return misfits[from].sometimes.includes(to) ? 'sometimes' : 'always';
}

function familyOf(type: string): Family | null {
  if (type.endsWith('[]')) return 'list';
  // Lengths and precisions stand anywhere: timestamp(3) without time zone.
  return families[type.replace(/\(.*?\)/, '')] ?? null;
}
