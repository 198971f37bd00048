// Owns the forms in which another server may repeat a secret: each is hidden in what is kept of its answers.

// Below 6 characters hiding one would garble messages instead.
const shortest = 6;

/** The texts, and what JSON, HTML and addresses make of them. The longest come first: one may be the beginning of another. */
export function hiddenTexts(secrets: readonly string[]): string[] {
  const forms = secrets.filter((secret) => secret.length >= shortest).flatMap(formsOf);
  return [...new Set(forms)].toSorted((one, other) => other.length - one.length);
}

/** The parts of an address's query, as they stand and as they are read. Names are not secret, values may be. */
export function queryTexts({ search, searchParams }: URL): string[] {
  const query = search.slice(1);
  const values = query.split('&').map((part) => part.slice(part.indexOf('=') + 1));
  return [query, ...values, ...searchParams.values()];
}

function formsOf(secret: string): string[] {
  const inJson = JSON.stringify(secret).slice(1, -1);
  return [
    secret,
    inJson,
    // As PHP writes it.
    inJson.replaceAll('/', String.raw`\/`),
    secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;'),
    encodeURIComponent(secret),
  ];
}
