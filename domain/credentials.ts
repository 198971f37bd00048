// Owns telling that an HTTP header, or a parameter in an address's query, carries a credential: by its name, or by how its
// value begins. Keeps none.

// Parts of names as services use them: X-Api-Key, PRIVATE-TOKEN, X-Auth-User, Ocp-Apim-Subscription-Key, X-Hub-Signature.
const anywhere =
  /authoriz|token|secret|passw|pwd|cookie|credential|signature|session|jwt|bearer|api[-_.]?key/;
const asWord = /(?:^|[-_.])(?:auth|sig)(?:[-_.]|$)|(?:^|[-_.])key$/;
const scheme = /^\s*(?:bearer|basic|digest|token)\s/i;

/**
 * Whether what has this name has to be kept like a password. Rather once too often: a header that is kept so is sent like
 * any other, and only not shown.
 */
export function isCredential(name: string, value: string): boolean {
  const lower = name.toLowerCase();
  return anywhere.test(lower) || asWord.test(lower) || scheme.test(value);
}

/** The parameters in the address's query that carry credentials. */
export function credentialsIn(address: string): { readonly name: string; readonly value: string }[] {
  if (!URL.canParse(address)) return [];
  return [...new URL(address).searchParams]
    .filter(([name, value]) => isCredential(name, value))
    .map(([name, value]) => ({ name, value }));
}

/** Stands where a credential is: one itself by its name or scheme, so that nobody stores it in the place of what it hides. */
export function hidden(value: string): string {
  return `${scheme.exec(value)?.[0] ?? ''}***`;
}

/** The address as it may be shown: `https://crm.example.com/in?team=sales&api_key=***`. */
export function withoutCredentials(address: string): string {
  if (credentialsIn(address).length === 0) return address;
  const url = new URL(address);
  const shown = new URLSearchParams();
  for (const [name, value] of url.searchParams)
    shown.append(name, isCredential(name, value) ? hidden(value) : value);
  url.search = shown.toString();
  return url.href;
}
