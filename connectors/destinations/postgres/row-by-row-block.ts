// Owns the PL/pgSQL block that writes staged text rows one by one, each with its own exception. Builds text only.
import { escapeIdentifier, escapeLiteral } from 'pg';
import { rowOperation, rowOutcome } from '../../../domain/row-outcome';
import type { MergeStatements } from './merge-statements';
import { rowLevelExceptions, rowSecurityState, runLevelClasses } from './translate-error';

export const textStage = 'pg_temp.signalsmith_text';
export const answerStage = 'pg_temp.signalsmith_answer';

/** Tables the block reads and answers into, dropped when it has been heard. */
export function createTextStages(columns: number): string {
  const fields = Array.from({ length: columns }, (_, at) => `c${at} text`);
  return `
    CREATE TEMP TABLE ${textStage} (ordinal int, operation int, ${fields.join(', ')}) ON COMMIT DROP;
    CREATE TEMP TABLE ${answerStage} (ordinal int, outcome int, state text, words text, place int, field text, rule text)
      ON COMMIT DROP`;
}

/**
 * The block for one batch. A value is assigned to a variable of its column's type, which takes and refuses exactly
 * what the column would (a cast would cut long strings off), and `place` says which one was being tried.
 */
export function rowByRowBlock(statements: MergeStatements, kind: 'write' | 'delete'): string {
  const { columns, target, table } = statements;
  const held = kind === 'write' ? columns : columns.slice(0, target.keyColumns);
  // The block's label keeps its variables apart from columns of the same name.
  const variable = (at: number): string => `signalsmith.v${at}`;
  const assignments = held.map((_, at) => `place := ${at}; v${at} := r.c${at};`);
  const body = `
    #variable_conflict use_column
    <<signalsmith>>
    DECLARE
      r record; outcome int; state text; words text; place int; field text; rule text;
      ${held.map(({ bareType }, at) => `v${at} ${bareType};`).join(' ')}
    BEGIN
      FOR r IN SELECT * FROM ${textStage} ORDER BY ordinal LOOP
        BEGIN
          signalsmith.outcome := 0;
          ${assignments.join(' ')}
          place := NULL;
          ${kind === 'delete' ? removeOne() : writeOne()}
          INSERT INTO ${answerStage} (ordinal, outcome) VALUES (r.ordinal, signalsmith.outcome);
        EXCEPTION WHEN OTHERS THEN
          GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, words = MESSAGE_TEXT, field = COLUMN_NAME, rule = CONSTRAINT_NAME;
          IF ${isRunLevel('signalsmith.state')} THEN RAISE; END IF;
          INSERT INTO ${answerStage} VALUES (r.ordinal, ${rowOutcome.failed}, signalsmith.state, signalsmith.words,
            signalsmith.place, signalsmith.field, signalsmith.rule);
        END;
      END LOOP;
    END`;
  return `DO ${escapeLiteral(body)}`;

  function sameKey(): string {
    const keys = columns.slice(0, target.keyColumns);
    return keys.map(({ name }, at) => `t.${escapeIdentifier(name)} = ${variable(at)}`).join(' AND ');
  }

  function removeOne(): string {
    return `DELETE FROM ${table.sqlName} AS t WHERE ${sameKey()};
      IF FOUND THEN signalsmith.outcome := ${rowOutcome.deleted}; ELSE ${skipMissing()} END IF;`;
  }

  function writeOne(): string {
    if (target.mode === 'update')
      return `${updateOne()} IF signalsmith.outcome = 0 THEN ${skipMissing()} END IF;`;
    if (target.mode === 'insert')
      return `${insertOne()} IF signalsmith.outcome = 0 THEN ${skipHeld()} END IF;`;
    return `
      IF r.operation = ${rowOperation.update} THEN ${updateOne()} END IF;
      IF signalsmith.outcome = 0 THEN ${insertOne()} END IF;
      IF signalsmith.outcome = 0 THEN ${updateOne()} END IF;`;
  }

  function updateOne(): string {
    const first = escapeIdentifier(columns[0]?.name ?? '');
    const sets = columns
      .map(({ name }, at) => `${escapeIdentifier(name)} = ${variable(at)}`)
      .slice(target.keyColumns);
    return `UPDATE ${table.sqlName} AS t SET ${sets.length > 0 ? sets.join(', ') : `${first} = t.${first}`} WHERE ${sameKey()};
      IF FOUND THEN signalsmith.outcome := ${rowOutcome.updated}; END IF;`;
  }

  function insertOne(): string {
    const names = columns.map(({ name }) => escapeIdentifier(name));
    return `INSERT INTO ${table.sqlName} (${names.join(', ')}) VALUES (${names.map((_, at) => variable(at)).join(', ')})
      ON CONFLICT (${names.slice(0, target.keyColumns).join(', ')}) DO NOTHING;
      IF FOUND THEN signalsmith.outcome := ${rowOutcome.created}; END IF;`;
  }

  // Outcome 0 stays with a row that something swallowed.
  function skipMissing(): string {
    return `IF NOT EXISTS (SELECT FROM ${table.sqlName} AS t WHERE ${sameKey()}) THEN signalsmith.outcome := ${rowOutcome.skipped}; END IF;`;
  }

  function skipHeld(): string {
    return `IF EXISTS (SELECT FROM ${table.sqlName} AS t WHERE ${sameKey()}) THEN signalsmith.outcome := ${rowOutcome.skipped}; END IF;`;
  }

  function isRunLevel(state: string): string {
    const excepted = table.rowSecurity ? [...rowLevelExceptions, rowSecurityState] : rowLevelExceptions;
    return `left(${state}, 2) = ANY ('{${runLevelClasses.join(',')}}') AND ${state} <> ALL ('{${excepted.join(',')}}')`;
  }
}
