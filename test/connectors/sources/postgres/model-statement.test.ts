import {
  lineAt,
  selectFrom,
  withoutFinalSemicolons,
} from '../../../../connectors/sources/postgres/model-statement';

test.each([
  ['select 1;', 'select 1 '],
  ['select 1 ; ;\n', 'select 1    \n'],
  ['select 1; -- done;', 'select 1  -- done;'],
  ['select 1; /* a /* nested; */ end; */', 'select 1  /* a /* nested; */ end; */'],
  [`select ';'`, `select ';'`],
  [`select ';';`, `select ';' `],
  [`select 'it''s;';`, `select 'it''s;' `],
  [`select e'\\';';`, `select e'\\';' `],
  [`select 1 as ";";`, `select 1 as ";" `],
  ['select $$;$$;', 'select $$;$$ '],
  ['select $a$ $b$ ; $a$;', 'select $a$ $b$ ; $a$ '],
  ['select a$b$;', 'select a$b$ '],
  ['select 1; select 2;', 'select 1; select 2 '],
  ['select 1 -- ;', 'select 1 -- ;'],
  ['', ''],
])('%j becomes %j', (sql, expected) => {
  expect(withoutFinalSemicolons(sql)).toBe(expected);
});

// As long as a body may be: whatever is not read in one go would take minutes here.
const many = 250_000;
test.each<[string, string, string]>([
  ['semicolons', `select 1${';'.repeat(many)}`, `select 1${' '.repeat(many)}`],
  ['semicolons and blanks', `select 1${'; \n'.repeat(many / 3)}`, `select 1${'  \n'.repeat(many / 3)}`],
  ['semicolons in front', `${';'.repeat(many)}x`, `${';'.repeat(many)}x`],
  ['comments after semicolons', `x${';/**/'.repeat(many / 5)}`, `x${' /**/'.repeat(many / 5)}`],
  ['open comments', `x;${'/*'.repeat(many / 2)};`, `x ${'/*'.repeat(many / 2)};`],
  ['quotes', `${"'".repeat(many + 1)};`, `${"'".repeat(many + 1)} `],
  ['quoted names', `${'"'.repeat(many)};`, `${'"'.repeat(many)} `],
  ['one open quote after another', `'"`.repeat(many / 2) + ';', `'"`.repeat(many / 2) + ' '],
  ['escape strings', `e'${`\\'`.repeat(many / 2)};`, `e'${`\\'`.repeat(many / 2)};`],
  ['short escape strings', `${"e'' ".repeat(many / 4)};`, `${"e'' ".repeat(many / 4)} `],
  ['dollars', `${'$'.repeat(many)};`, `${'$'.repeat(many)} `],
  ['tags of dollar quotes', `${'$a '.repeat(many / 3)};`, `${'$a '.repeat(many / 3)} `],
  ['one long tag', `$${'a'.repeat(many)};`, `$${'a'.repeat(many)} `],
])('a text full of %s is read', (_, sql, expected) => {
  expect(withoutFinalSemicolons(sql) === expected).toBe(true);
});

test('column names are quoted, whatever they hold', () => {
  expect(selectFrom('select 1', ['a"b', 'c.d']).sql).toBe('SELECT m."a""b", m."c.d" FROM (\nselect 1\n) m');
});

test('positions count characters, and lines are those of the text given', () => {
  const model = "select 1,\n  '🦊🦊',\n  x";
  const position = Array.from(model).indexOf('x') + 1;
  expect(lineAt(model, position)).toBe(3);
  expect(lineAt(model, position + 100, 100)).toBe(3);
  expect(lineAt(model, Array.from(model).length + 1)).toBe(3);
  expect(lineAt(model, Array.from(model).length + 2)).toBeNull();
  expect(lineAt(model, 100, 100)).toBeNull();
});
