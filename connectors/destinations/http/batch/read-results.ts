// Owns the reading of an accepted answer: which row each result is about, and what it says of it. Trusts nothing in it.
import { failureOf } from '../../../../domain/failure';
import { rowOutcome, type RowOutcome } from '../../../../domain/row-outcome';
import { ConnectorFailure } from '../../../connector-failure';
import { parsedJson, shownText, shownWord, valueAt } from '../../../http/foreign-text';
import type { HttpConfig, ResultRules } from '../http-config';
import type { PieceAnswer, Refused } from './piece-answer';

/** What was asked of the destination in one call. */
export interface AskedRows {
  readonly kind: 'write' | 'delete';
  /** The outcome the plan expects of each row, a RowOutcome each. */
  readonly planned: Uint8Array;
  /** The row key of row i as comparable text; the same form as `keyText` makes of a result. */
  keyOf(row: number): string;
  /** A result's key values as comparable text; null when one is missing. */
  keyText(values: readonly unknown[]): string | null;
  /** Fields of the row key, where the configuration names no others. */
  readonly keyFields: readonly string[];
}

/**
 * One outcome per row. A row no result speaks clearly of (`no_result`, `unknown_status`) is `failedUnsure`: never a
 * success, and sent again, since it may have been written.
 * Throws destination_unreachable, which is tried again, when the answer as a whole cannot be matched to the rows: they
 * may have been written, so they stay without an answer and are sent again; the destination finds them by their key.
 */
export function readResults(text: string, config: HttpConfig, asked: AskedRows): PieceAnswer {
  const rules = config.results;
  if (rules === null) return { outcomes: asked.planned, refusals: [] };
  const results = resultList(text, rules);
  const rows = asked.planned.length;
  if (rules.matchBy === 'index' && results.length !== rows) {
    throw unreadable(`its answer has ${results.length} results for ${rows} rows`);
  }
  const found = rules.matchBy === 'index' ? results : matchByKey(results, rules, asked);
  const outcomes: RowOutcome[] = [];
  const refusals: Refused[] = [];
  for (let row = 0; row < rows; row++) {
    const said = readResult(found[row], row, config, rules, asked);
    if (typeof said === 'number') {
      outcomes.push(said);
    } else {
      const { outcome, ...refusal } = said;
      outcomes.push(outcome);
      refusals.push({ row, ...refusal });
    }
  }
  return { outcomes, refusals };
}

function resultList(text: string, rules: ResultRules): readonly unknown[] {
  const answer = parsedJson(text);
  if (answer === undefined) throw unreadable('its answer is not JSON');
  const list = rules.resultsField === null ? answer : valueAt(answer, rules.resultsField);
  if (Array.isArray(list)) return list as unknown[];
  throw unreadable(
    rules.resultsField === null
      ? 'its answer is not a list'
      : `its answer has no list "${rules.resultsField}"`,
  );
}

function unreadable(detail: string): ConnectorFailure {
  return new ConnectorFailure(failureOf('destination_unreachable', detail));
}

const twice = Symbol('two results for one row');

// Results about rows that were not asked about are left aside: they prove nothing.
function matchByKey(results: readonly unknown[], rules: ResultRules, asked: AskedRows): unknown[] {
  const rowByKey = new Map(Array.from(asked.planned, (_, row) => [asked.keyOf(row), row]));
  const found: unknown[] = Array.from(asked.planned, () => undefined);
  for (const result of results) {
    const key = keyOfResult(result, rules, asked);
    const row = key === null ? undefined : rowByKey.get(key);
    if (row !== undefined) found[row] = found[row] === undefined ? result : twice;
  }
  return found;
}

function keyOfResult(result: unknown, rules: ResultRules, asked: AskedRows): string | null {
  return asked.keyText((rules.keyFields ?? asked.keyFields).map((field) => valueAt(result, field)));
}

type Refusal = Omit<Refused, 'row'> & { readonly outcome: RowOutcome };

function readResult(
  result: unknown,
  row: number,
  config: HttpConfig,
  rules: ResultRules,
  asked: AskedRows,
): RowOutcome | Refusal {
  if (result === twice) return unclear('no_result', 'The destination gave two results for this row');
  if (typeof result !== 'object' || result === null) {
    return unclear('no_result', 'The destination gave no result for this row');
  }
  // By index a key is not needed, but where one is configured a result of another row must not pass for this one's.
  if (
    rules.matchBy === 'index' &&
    rules.keyFields &&
    keyOfResult(result, rules, asked) !== asked.keyOf(row)
  ) {
    return unclear('no_result', 'The destination gave the result of another row in the place of this one');
  }
  const error = firstError(result, config);
  if (rules.statusField === null) {
    return error === undefined ? (asked.planned[row] as RowOutcome) : refusalOf(error, config);
  }
  const status = valueAt(result, rules.statusField);
  const outcome = outcomeOf(status, row, rules, asked);
  if (outcome !== null) return outcome;
  if (error !== undefined) return refusalOf(error, config);
  // Some answers keep the message beside the status instead of in a list of errors.
  const { message } = config.errorFields;
  if (message !== null && valueAt(result, message) != null) return refusalOf(result, config);
  const shown = shownWord(status, config.secretTexts);
  return unclear(
    'unknown_status',
    shown === null
      ? 'The destination gave no status for this row'
      : `The destination gave the status "${shown}"`,
  );
}

function outcomeOf(status: unknown, row: number, rules: ResultRules, asked: AskedRows): RowOutcome | null {
  if (!['string', 'number', 'boolean'].includes(typeof status)) return null;
  const text = String(status);
  const named: [RowOutcome, readonly string[]][] =
    asked.kind === 'delete'
      ? [[rowOutcome.deleted, rules.deletedValues]]
      : [
          [rowOutcome.created, rules.createdValues],
          [rowOutcome.updated, rules.updatedValues],
        ];
  named.push([rowOutcome.skipped, rules.skippedValues]);
  const meant = named.flatMap(([outcome, values]) => (values.includes(text) ? [outcome] : []));
  const planned = asked.planned[row] as RowOutcome;
  return meant.includes(planned) ? planned : (meant[0] ?? null);
}

// An empty list, an empty object and an empty text are the usual ways to say "no error".
function firstError(result: object, config: HttpConfig): unknown {
  const field = config.errorFields.errors;
  const errors = field === null ? undefined : valueAt(result, field);
  const first: unknown = Array.isArray(errors) ? errors[0] : errors;
  if (first === undefined || first === null || first === '' || first === false) return undefined;
  return typeof first === 'object' && Object.keys(first).length === 0 ? undefined : first;
}

function refusalOf(error: unknown, { errorFields, secretTexts }: HttpConfig): Refusal {
  const inError = (field: string | null): unknown => (field === null ? undefined : valueAt(error, field));
  const fields = inError(errorFields.field);
  return {
    outcome: rowOutcome.failed,
    field: shownWord(Array.isArray(fields) ? fields[0] : fields, secretTexts),
    message: shownText(inError(errorFields.message) ?? error, secretTexts) ?? 'Refused without a message',
    code: shownWord(inError(errorFields.code), secretTexts) ?? 'rejected',
  };
}

function unclear(code: 'no_result' | 'unknown_status', message: string): Refusal {
  return { outcome: rowOutcome.failedUnsure, field: null, message, code };
}
