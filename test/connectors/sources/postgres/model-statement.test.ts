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
