// Owns the text of a model: its single statement, our select around it, and where in the user's text an error stands.
import { escapeIdentifier } from 'pg';

/** Marks the user's text within a longer statement: characters (not UTF-16 units) before it. */
export interface WrappedModel {
  readonly sql: string;
  readonly before: number;
}

// What may hide a semicolon: strings, quoted names, dollar quotes and comments. A doubled
// quote reads as two strings side by side, which is as good here. Block comments nest, so they are counted.
const tokens =
  /'[^']*'|"[^"]*"|\$(?<tag>[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$|--[^\n\r]*|\/\*|[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*|\s+|[^]/gu;

/**
 * The user's text with the semicolons that end it blanked out, every other character in its place. Nothing rests on
 * this being a perfect reading of SQL: what it returns is proven to be one statement by the server's own Parse.
 */
export function withoutFinalSemicolons(sql: string): string {
  const finals: number[] = [];
  let at = 0;
  while (at < sql.length) {
    tokens.lastIndex = at;
    const match = tokens.exec(sql);
    const token = match?.[0] ?? sql.slice(at);
    let end = at + token.length;
    if (token === '/*') end = endOfComment(sql, at);
    else if (token.startsWith('$') && token.endsWith('$') && token.length > 1)
      end = endOfDollarQuote(sql, at, token);
    else if (/^e$/i.test(token) && sql[end] === "'") end = endOfEscapeString(sql, end);
    if (token === ';') finals.push(at);
    else if (token.trim() !== '' && token !== '/*' && !token.startsWith('--')) finals.length = 0;
    at = end;
  }
  // Put together once: a text of nothing but semicolons would be copied as often as it is long.
  return [-1, ...finals].map((final, at) => sql.slice(final + 1, finals[at])).join(' ');
}

/** Selects `columns` from the model. The line breaks keep a last `--` comment from eating the parenthesis. */
export function selectFrom(model: string, columns: readonly string[]): WrappedModel {
  const list = columns.map((column) => `m.${escapeIdentifier(column)}`).join(', ');
  const head = `SELECT ${list} FROM (\n`;
  return { sql: `${head}${model}\n) m`, before: Array.from(head).length };
}

/** The same select as a COPY. */
export function copyOut(wrapped: WrappedModel): WrappedModel {
  return { sql: `COPY (${wrapped.sql}) TO STDOUT`, before: wrapped.before + 'COPY ('.length };
}

/** Line (from 1) of the user's text that PostgreSQL's position (in characters, from 1) falls on; null if outside it. */
export function lineAt(model: string, position: number, before = 0): number | null {
  // Code points, as PostgreSQL counts them.
  const characters = Array.from(model);
  const inModel = position - before;
  // "at end of input" stands one past the last character.
  if (inModel < 1 || inModel > characters.length + 1) return null;
  let line = 1;
  for (const character of characters.slice(0, inModel - 1)) if (character === '\n') line += 1;
  return line;
}

function endOfComment(sql: string, start: number): number {
  const marks = /\/\*|\*\//g;
  marks.lastIndex = start;
  let depth = 0;
  for (let mark = marks.exec(sql); mark; mark = marks.exec(sql)) {
    depth += mark[0] === '/*' ? 1 : -1;
    if (depth === 0) return marks.lastIndex;
  }
  return sql.length;
}

function endOfDollarQuote(sql: string, start: number, tag: string): number {
  const close = sql.indexOf(tag, start + tag.length);
  return close < 0 ? sql.length : close + tag.length;
}

function endOfEscapeString(sql: string, quote: number): number {
  const string = /'(?:[^'\\]|''|\\[^])*'?/y;
  string.lastIndex = quote;
  const match = string.exec(sql);
  return quote + (match?.[0].length ?? 1);
}
