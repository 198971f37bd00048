// Owns what an address may be that a worker is to call over HTTP. Whether it may go there is the worker's guard's to say.
import { z } from 'zod';
import { text } from '../fields';

/** `https://host/path?query`, without a user or password; `withCredentials` says what becomes of one that has them. */
export function httpAddress(withCredentials: string): z.ZodString {
  return text(2_000).check((context) => {
    const fault = faultOf(context.value, withCredentials);
    if (fault) context.issues.push({ code: 'custom', message: fault, input: context.value });
  });
}

function faultOf(address: string, withCredentials: string): string | null {
  if (!URL.canParse(address)) return 'Must be an address like https://api.example.com/contacts.';
  const url = new URL(address);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return 'Must begin with http:// or https://.';
  return url.username || url.password ? withCredentials : null;
}
