// Owns the proof that the README's configuration table is what config.ts does.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Config, loadConfig } from '../../config';
import { codeWords, root, section, tableRows } from './markdown';

const documented = tableRows(section('README.md', 'Configuration')).map(([variable, byDefault]) => ({
  name: codeWords(variable)[0] ?? '',
  byDefault: codeWords(byDefault)[0] ?? null,
}));

/** The schema is config.ts's own business, so its variables are read from the text. */
function variablesInCode(): string[] {
  const text = readFileSync(join(root, 'config.ts'), 'utf8');
  const schema = /const schema = z\.object\(\{\n([\s\S]*?)\n\}\);/.exec(text)?.[1] ?? '';
  return [...schema.matchAll(/^ {2}([A-Z_]+):/gm)].map((match) => match[1] ?? '');
}

/** Which field of the configuration a variable sets; its value by default. */
function valueByDefault(name: string): unknown {
  const field = name.toLowerCase().replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  const config = loadConfig({});
  expect(config).toHaveProperty(field);
  return config[field as keyof Config];
}

/** The port variables given by hand are remembered as such, whatever their value. */
function withoutMarks(config: Config): Omit<Config, 'portsSetByHand'> {
  const { portsSetByHand: _, ...rest } = config;
  return rest;
}

test('the table has every variable of config.ts, and no other', () => {
  const inCode = variablesInCode();
  expect(inCode).toContain('DATABASE_URL');
  expect(documented.map(({ name }) => name).toSorted()).toEqual(inCode.toSorted());
});

test.each(documented.filter(({ byDefault }) => byDefault !== null))(
  'setting $name to its default changes nothing',
  ({ name, byDefault }) => {
    const given = loadConfig({ [name]: byDefault ?? '' });
    expect(withoutMarks(given)).toEqual(withoutMarks(loadConfig({})));
  },
);

test.each(documented.filter(({ byDefault }) => byDefault === null))(
  '$name is null when it is not set',
  ({ name }) => {
    expect(valueByDefault(name)).toBeNull();
  },
);

test('the demo is off by itself when DATABASE_URL is set', () => {
  expect(loadConfig({ DATABASE_URL: 'postgres://user@localhost/app' }).demo).toBe(false);
});
