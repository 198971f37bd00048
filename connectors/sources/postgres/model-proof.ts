// Owns proving a model before it runs: one statement, of rows that can be selected from, its columns named apart.
import type { Client, FieldDef } from 'pg';
import { causeOf, sqlState } from '../../postgres-error';
import type { JsonForm, ModelColumn } from '../../source';
import { type WrappedModel, withoutFinalSemicolons } from './model-statement';
import { parseOnly } from './parse-only';
import { modelFailure, type StatementFacts } from './translate-error';

/** Has the server parse the bare text: one statement that returns rows, its columns known and named apart. */
export async function proveModel(
  client: Client,
  sql: string,
  facts: StatementFacts,
): Promise<{ model: string; columns: ModelColumn[] }> {
  // A NUL byte would end the text early on the wire, and what was proven would not be what is run.
  if (sql.includes('\0')) throw modelFailure('the text holds a NUL character');
  const model = withoutFinalSemicolons(sql);
  facts.model = model;
  const { fields, parameters } = await parseOnly(client, model);
  if (!fields) throw modelFailure('it is not a query that returns rows');
  if (parameters > 0) throw modelFailure('it has a parameter like $1, and nothing gives it a value');
  const names = fields.map(({ name }) => name);
  const twice = [...new Set(names.filter((name, at) => names.indexOf(name) !== at))];
  if (twice.length > 0) {
    throw modelFailure(`more than one column is named ${twice.map((name) => `"${name}"`).join(', ')}`);
  }
  facts.model = null;
  const types = await typeNames(client, fields);
  return {
    model,
    columns: fields.map((field, at) => ({
      name: field.name,
      type: types[at] ?? 'unknown',
      json: jsonForm(field.dataTypeID),
    })),
  };
}

/** INSERT … RETURNING, SHOW and EXPLAIN return rows too, but nothing can be selected from them. */
export async function proveSelectable(
  client: Client,
  model: string,
  wrapped: WrappedModel,
  facts: StatementFacts,
): Promise<void> {
  Object.assign(facts, { model, before: wrapped.before });
  await parseOnly(client, wrapped.sql).catch((error: unknown) => {
    // On its own it had no syntax error: it is what may not stand in a FROM.
    if (sqlState(error) !== '42601') throw error;
    throw modelFailure(
      'it is not a query that returns rows: a model is a SELECT, VALUES, TABLE or WITH',
      causeOf(error),
    );
  });
}

/** The column of that name; the model must have it. */
export function wantedColumn(name: string, columns: readonly ModelColumn[]): ModelColumn {
  const column = columns.find((known) => known.name === name);
  if (!column) throw modelFailure(`column "${name}" is not in the model's result`);
  return column;
}

async function typeNames(client: Client, fields: readonly FieldDef[]): Promise<string[]> {
  const answer = await client.query<{ name: string }>(
    'SELECT format_type(t.oid, t.modifier) AS name FROM unnest($1::oid[], $2::int[]) WITH ORDINALITY AS t (oid, modifier, place) ORDER BY t.place',
    [fields.map((field) => field.dataTypeID), fields.map((field) => field.dataTypeModifier)],
  );
  return answer.rows.map((row) => row.name);
}

// By type OID, which is fixed for built-in types: bool; int8, int2, int4, float4, float8, numeric; json, jsonb.
const jsonForms: Readonly<Record<number, JsonForm>> = {
  16: 'boolean',
  20: 'number',
  21: 'number',
  23: 'number',
  700: 'number',
  701: 'number',
  1700: 'number',
  114: 'json',
  3802: 'json',
};

function jsonForm(typeOid: number): JsonForm {
  return jsonForms[typeOid] ?? 'string';
}
