/**
 * A credential that is announced, whatever its length: `apiToken=…`, `"password": "…"`, `Authorization: Bearer …`.
 * After a mere space it needs a digit, so that "token expired" stays readable.
 */
const announced =
  /\b((?:api)?token|bearer|password|passphrase|secret)(["']?\s*[:=]\s*["']?|\s+(?=\S*\d))([^\s"',;&]{4,})/gi;
/** JSON web tokens start with the base64 of `{"`; anything else of 32 characters may be a key or a hash. */
const tokenLike = /\beyJ[\w.-]{8,}|[A-Za-z0-9+/_=-]{32,}/g;

/**
 * The text with everything masked that could be a credential: the given secrets, what stands after words such as
 * `ApiToken`, web tokens, and base64 or hex runs of 32 characters and more.
 */
export function redact(text: string, secrets: readonly string[] = []): string {
  let masked = text;
  for (const secret of secrets) if (secret !== '') masked = masked.replaceAll(secret, '***');
  return masked.replace(announced, '$1$2***').replace(tokenLike, '***');
}
