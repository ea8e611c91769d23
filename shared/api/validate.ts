import * as z from 'zod/mini';
import type { ApiRequest } from './http.ts';
import { ApiProblem, type FieldProblem, invalidRequest } from './problem.ts';
import type { ObjectSchema } from './route.ts';

/** Larger than any body that the schemas let through. */
export const mostBodyBytes = 256 * 1024;

/** The body by its schema. Throws `ApiProblem` 413, 415, 400 or 422. */
export function readBody<S extends ObjectSchema>(
  schema: S,
  { body, headers }: Pick<ApiRequest, 'body' | 'headers'>,
): z.output<S> {
  if (body !== undefined && Buffer.byteLength(body) > mostBodyBytes) {
    throw new ApiProblem({
      status: 413,
      code: 'body_too_large',
      detail: `The body is larger than ${mostBodyBytes / 1024} KB.`,
      recommendation: 'Send less at a time.',
    });
  }
  const type = headers['content-type']?.join(',') ?? '';
  if (body !== undefined && body !== '' && !/^application\/([\w.+-]+\+)?json\s*(;|$)/i.test(type)) {
    throw new ApiProblem({
      status: 415,
      code: 'unsupported_media_type',
      detail: 'The body is not declared as JSON.',
      recommendation: 'Send the header Content-Type: application/json.',
      field: 'Content-Type',
    });
  }
  const value = parsed(body);
  refuseDepth(value);
  return checked(schema, value, 'body');
}

/** The query by its schema: a parameter that comes several times is refused. Throws `ApiProblem` 422. */
export function readQuery<S extends ObjectSchema>(
  schema: S,
  { query }: Pick<ApiRequest, 'query'>,
): z.output<S> {
  const several = Object.entries(query).filter(([, values]) => values.length > 1);
  if (several.length > 0) {
    throw invalidRequest(
      several.map(([field]) => ({
        field,
        message: 'is given several times.',
        recommendation: 'Give each query parameter once.',
      })),
    );
  }
  return checked(
    schema,
    Object.fromEntries(Object.entries(query).map(([name, [value]]) => [name, value])),
    'query',
  );
}

/** A part of a body by a schema of its own. Throws `ApiProblem` 422 that names the fields below `where`. */
export function readPart<S extends ObjectSchema>(schema: S, value: unknown, where: string): z.output<S> {
  const result = z.safeParse(schema, value, { reportInput: false });
  if (result.success) return result.data;
  const problems = result.error.issues.flatMap((issue) => problemsOf(issue, where));
  throw invalidRequest(
    problems.map((problem) => ({
      ...problem,
      field: problem.field === where ? where : `${where}.${problem.field}`,
    })),
  );
}

function parsed(body: string | undefined): unknown {
  if (body === undefined || body.trim() === '') return {};
  try {
    return JSON.parse(body);
  } catch {
    throw new ApiProblem({
      status: 400,
      code: 'malformed_json',
      detail: 'The body is not JSON.',
      recommendation: 'Check quotes and commas; a line break within a text is written \\n.',
    });
  }
}

/** Deeper than anything the schemas know, and far from where writing JSON runs out of stack. */
const mostDepth = 32;

function refuseDepth(root: unknown): void {
  let level: readonly unknown[] = [root];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > mostDepth) {
      throw invalidRequest([
        {
          field: 'body',
          message: `is nested deeper than ${mostDepth} levels.`,
          recommendation: 'Send what GET /v1/openapi.json shows; nothing there is nested that deep.',
        },
      ]);
    }
    level = level.flatMap((value) =>
      typeof value === 'object' && value !== null ? Object.values(value) : [],
    );
  }
}

function checked<S extends ObjectSchema>(schema: S, value: unknown, where: string): z.output<S> {
  const result = z.safeParse(schema, value, { reportInput: false });
  if (result.success) return result.data;
  throw invalidRequest(result.error.issues.flatMap((issue) => problemsOf(issue, where)));
}

function problemsOf(issue: z.core.$ZodIssue, where: string): readonly FieldProblem[] {
  const field = fieldName(issue.path, where);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      field: fieldName([...issue.path, key], where),
      message: 'is not known here.',
      recommendation: 'Remove it, or correct its name; GET /v1/openapi.json lists the fields.',
    }));
  }
  const message = sentenceOf(issue);
  return [{ field, message, recommendation: `Correct ${field}; GET /v1/openapi.json shows its form.` }];
}

function fieldName(path: readonly PropertyKey[], where: string): string {
  if (path.length === 0) return where;
  return path
    .map((part, i) => (typeof part === 'number' ? `[${part}]` : `${i === 0 ? '' : '.'}${String(part)}`))
    .join('')
    .slice(0, 200);
}

/** What is wrong, never with what was sent: it may be a token. */
function sentenceOf(issue: z.core.$ZodIssue): string {
  // A schema that has its own words for it.
  if (issue.message !== 'Invalid input') return issue.message;
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${kinds[issue.expected] ?? article(issue.expected)}.`;
    case 'too_small':
      return `must ${issue.origin === 'string' || issue.origin === 'array' ? 'hold' : 'be'} at least ${issue.minimum}${unitOf(issue.origin)}.`;
    case 'too_big':
      return `must ${issue.origin === 'string' || issue.origin === 'array' ? 'hold' : 'be'} at most ${issue.maximum}${unitOf(issue.origin)}.`;
    case 'invalid_value':
      return `must be one of: ${issue.values.map(String).join(', ')}.`;
    default:
      return 'has not the form that it must have.';
  }
}

function unitOf(origin: string): string {
  if (origin === 'string') return ' characters';
  return origin === 'array' ? ' entries' : '';
}

/** What JSON calls it, where the schemas have another word. */
const kinds: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  int: 'a whole number',
  record: 'an object',
  string: 'a text',
};

function article(kind: string): string {
  return /^[aeiou]/.test(kind) ? `an ${kind}` : `a ${kind}`;
}
