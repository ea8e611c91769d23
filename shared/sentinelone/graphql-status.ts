import { isObject, type Json } from '../json.ts';
import { textAt } from '../records/json-fields.ts';

/** What servers of GraphQL call an error's kind, as the HTTP status that would have said the same. */
const statuses: ReadonlyMap<string, number> = new Map(
  Object.entries({
    unauthorized: 401,
    unauthenticated: 401,
    forbidden: 403,
    not_found: 404,
    bad_request: 400,
    bad_user_input: 400,
    invalidsyntax: 400,
    validationerror: 400,
    graphql_parse_failed: 400,
    graphql_validation_failed: 400,
  }),
);
const forbidden = /\bforbidden\b|access (is )?denied|not (authori[sz]ed|permitted|allowed)|\bpermissions?\b/i;

/** GraphQL says what went wrong inside a success, and in words. Undefined where an error tells nothing of its kind. */
export function graphqlStatus(errors: Json | undefined): number | undefined {
  const all = Array.isArray(errors) ? errors.filter(isObject) : [];
  for (const error of all) {
    const kind = textAt(error, 'extensions', 'classification') ?? textAt(error, 'extensions', 'code');
    const status = statuses.get(kind?.toLowerCase() ?? '');
    if (status !== undefined) return status;
  }
  const texts = all.map((error) => textAt(error, 'message') ?? '');
  if (texts.some((text) => forbidden.test(text))) return 403;
  return texts.some((text) => /cursor/i.test(text)) ? 400 : undefined;
}
