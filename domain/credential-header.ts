// Owns telling by its name, or by how its value begins, that an HTTP header carries a credential. Knows no header's value.

// Parts of names as services use them: X-Api-Key, PRIVATE-TOKEN, X-Auth-User, Ocp-Apim-Subscription-Key, X-Hub-Signature.
const anywhere =
  /authoriz|token|secret|passw|pwd|cookie|credential|signature|session|jwt|bearer|api[-_.]?key/;
const asWord = /(?:^|[-_.])auth(?:[-_.]|$)|(?:^|[-_.])key$/;
const scheme = /^\s*(?:bearer|basic|digest|token)\s/i;

/**
 * Whether the header has to be kept like a password. Rather once too often: a header that is kept so is sent like any
 * other, and only not shown.
 */
export function isCredentialHeader(name: string, value: string): boolean {
  const lower = name.toLowerCase();
  return anywhere.test(lower) || asWord.test(lower) || scheme.test(value);
}
