// Owns the words of the document that no schema has: what the API is, its rules in short, its parts.
import type { RouteTag } from '../route';

/** Parts of the API, in the order in which a reader meets them. */
export type DocumentTag = RouteTag | 'Service';

const tagWords: Readonly<Record<DocumentTag, string>> = {
  Sources: 'Databases that models are read from. Secrets are written and never read back.',
  Models: 'One SQL query over a source, and the columns that are its row key.',
  Destinations: 'What rows are written to: a database or an HTTP API.',
  Syncs: 'A model, a destination, a mode, a field mapping and settings; and the acts on them.',
  Schedules: 'When a sync runs by itself, and what became of each slot.',
  Runs: 'Every execution of a sync, and what is kept of it.',
  'Row errors': 'Why single rows were refused, while the run went on.',
  Insights: 'How all syncs of the workspace do, against the time before.',
  Alerts:
    'What people are told of by themselves: rules, channels, the incidents they open, and each message.',
  Tokens: 'Who may call this API, and what for.',
  Service: 'The process itself: without a token.',
};

export const tags = Object.entries(tagWords).map(([name, description]) => ({ name, description }));

export const info = {
  title: 'SignalSmith Sync Runs',
  // Of the API, not of the program: it grows when something is added, and 2.0.0 would be /api/v2.
  version: '1.0.0',
  summary: 'Runs of syncs: what they did, row by row, and why.',
  license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
  description: [
    'Send a token with every request below `/api/v1`: `Authorization: Bearer <token>`. A token belongs to one workspace and has',
    'scopes; each operation says which one it needs. What another workspace has answers like what is not there: 404.',
    '',
    '- **Times** are RFC 3339 in UTC. **Counts** are whole numbers. Keys are snake_case.',
    '- **Answers grow.** Keys may follow, and lists of words may get new ones: ignore what you do not know. Nothing is',
    '  renamed or removed within `v1`.',
    '- **Requests are strict.** A query parameter or a key of a body that does not exist is a 400, never ignored.',
    '- **Problems** are `application/problem+json` with a stable `code`; [/problems](/problems) lists them all. A method that',
    '  a path does not have is a 405 with `Allow`.',
    '- **Lists** have `page` and `per_page`, and answer with `pagination`.',
    '- **Repeating a POST** is safe with an `Idempotency-Key`.',
    '- **Changing** something needs `If-Match` with the `ETag` it had when you read it; a PUT or DELETE honours one that is sent.',
  ].join('\n'),
} as const;

/** How a caller shows who they are. */
export const tokenScheme = {
  type: 'http',
  scheme: 'bearer',
  description:
    'A token of a workspace. Its scopes: `read`, `trigger`, `write`, `admin`; none includes another.',
} as const;
