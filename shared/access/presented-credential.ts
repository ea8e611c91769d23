import { type KeyParts, keyPrefix, parseKey } from './api-key.ts';
import { type Refusal, refusal } from './refusal.ts';

/** Headers as gateways and servers give them: names in any case, one value or the list of all. */
export type RequestHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** The one thing that a caller says who they are with; nothing of it is proved yet. */
export type PresentedCredential =
  | { readonly kind: 'key'; readonly key: KeyParts }
  /** A bearer that is no API key. */
  | { readonly kind: 'token'; readonly token: string };

const howToSend = 'Send one API key in the header x-api-key, or as "Authorization: Bearer" and the key.';
const bearerPattern = /^bearer +(\S+)$/i;

/** Reads what the caller says who they are with. Two different things are refused: nobody should have to guess which one counts. */
export function presentedCredential(headers: RequestHeaders): PresentedCredential | Refusal {
  const keys = valuesOf(headers, 'x-api-key');
  const authorizations = valuesOf(headers, 'authorization');
  if (keys.length > 1) return malformed('The header x-api-key was sent more than once.');
  if (authorizations.length > 1) return malformed('The header Authorization was sent more than once.');
  const [key] = keys;
  const [authorization] = authorizations;
  if (authorization === undefined)
    return key === undefined
      ? refusal('key_missing', 'The request has no key.', howToSend)
      : keyOrRefusal(key, 'The header x-api-key holds no API key.');
  const [, bearer] = bearerPattern.exec(authorization) ?? [];
  if (bearer === undefined)
    return malformed('The header Authorization is not the word Bearer and one key or token.');
  if (key !== undefined && key !== bearer)
    return malformed('The headers x-api-key and Authorization hold different credentials.');
  if (bearer.startsWith(keyPrefix) || key !== undefined)
    return keyOrRefusal(bearer, 'The header Authorization holds no API key.');
  return { kind: 'token', token: bearer };
}

/** All values of the header that are not empty: a variable that is not set makes an empty header. */
function valuesOf(headers: RequestHeaders, name: string): readonly string[] {
  return Object.entries(headers)
    .filter(([other]) => other.toLowerCase() === name)
    .flatMap(([, value]) => value ?? [])
    .map((value) => value.trim())
    .filter((value) => value !== '');
}

function keyOrRefusal(text: string, message: string): PresentedCredential | Refusal {
  const key = parseKey(text);
  if (key !== undefined) return { kind: 'key', key };
  return refusal(
    'key_malformed',
    message,
    'Copy the whole key: sl_, 16 characters, another _, and 43 characters, without quotes or spaces.',
  );
}

function malformed(message: string): Refusal {
  return refusal('key_malformed', message, howToSend);
}
