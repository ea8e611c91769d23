import type { Route } from '../../shared/api/route.ts';
import { actionCalls, commandOf, type WalkStep, walk } from './api-walk.ts';
import { table } from './content-types-page.ts';
import { problemCodes } from './problem-codes.ts';

/** docs/api.md, made from the routes and the table of problems. */
export function apiPage(routes: readonly Route[]): string {
  return [
    '# The control API',
    '',
    'Generated from `shared/api/` (`UPDATE_DOCS=1 npx vitest run test/docs`). [openapi.json](openapi.json) is the same as an OpenAPI 3.0.3 document with all fields and examples; the API serves it under `GET /v1/openapi.json`.',
    '',
    '## Where, and with what',
    '',
    'The output `ApiUrl` of the stack ends in the stage and a slash; paths are put behind it. Every operation but `GET /v1/health` needs one of these:',
    '',
    '- an API key, `x-api-key: sl_…` or `Authorization: Bearer sl_…`. The first is made by `npm run keys`, others by `POST /v1/keys`. A key is shown once.',
    '- a token (JWT) of the identity provider that the stack is configured for, `Authorization: Bearer …`.',
    '- an AWS signature (SigV4, service `execute-api`), where the stack names roles that may call.',
    '',
    'A caller has rights and tenants. `read`, `test` and `respond` each include `read`; `admin` includes all. What belongs to another tenant is answered as if it were not there. A key may make 600 requests a minute, or what the stack is configured for; then it hears 429 with `Retry-After`. [Decision 11](decisions/0011-keys-and-rights.md) has the reasons.',
    '',
    '## Operations',
    '',
    table(
      ['method', 'path', 'right', 'what', 'operationId'],
      routes.map(({ method, path, right, summary, id }) => [
        method,
        `\`${path}\``,
        right === 'open' ? '–' : `\`${right}\``,
        summary,
        `\`${id}\``,
      ]),
    ),
    '',
    '## Bodies',
    '',
    'JSON in UTF-8 with `Content-Type: application/json`, at most 256 KB. Fields that are not known are refused, so that a misspelt one does not say nothing. `PATCH` takes a JSON merge patch (RFC 7396): what is not named stays, `null` takes a setting back to its default, objects are merged and lists replaced. Times are ISO-8601 in UTC.',
    '',
    '## Lists',
    '',
    'A page has `nextCursor` as long as others may follow; send it as `?cursor=…` with the same other parameters. A page can hold fewer than `limit`, even none, and still have others behind it: only a page without `nextCursor` is the last. Cursors are opaque.',
    '',
    '## Changes that meet',
    '',
    'A connector has a version, its `ETag`. Send it as `If-Match` with `PUT`, `PATCH` or `DELETE`, and a change that somebody else has made since you looked is not overwritten: the call hears 412. Without `If-Match` the last one wins. A change, a pause, a resumption, a deletion or a revocation that is sent again changes nothing, so each of them can be repeated after a lost answer; of a creation that is repeated, the second says 409 with the id of the first.',
    '',
    '## Actions',
    '',
    'With the right `respond`, `POST /v1/actions` acts on endpoints, threats and alerts through a connector whose functions name `respond`; `GET /v1/action-types` has what can be done with which parameters, and [response-actions.md](response-actions.md) what `done` and each reason code mean. Targets are read from the console first, and each has its own outcome: branch on the `state` of the targets, and on `reason.code`. The header `Idempotency-Key` makes a repeated call the same action, at any time and with however many at once; without it, `ticket`, action, targets and parameters do, for ten minutes. To do the very same once more within them, as after an undo, send a key.',
    '',
    '202 says that something is still under way: call again with `?wait=20`, or read `GET /v1/actions/{actionId}` after `Retry-After`, until `state` is none of `requested`, `waiting_approval` and `in_progress`. `dryRun` shows what would be done, and does nothing. `POST …/approve` lets somebody else agree where the response policy wants it, `POST …/cancel` stops what has not been sent, `POST …/undo` takes back what is done; each of them can be repeated.',
    '',
    ...actionCalls.flatMap(shownCall),
    '## Problems',
    '',
    'What is no success has the form of RFC 9457, `application/problem+json`. `code` is for programs and stays; `detail` says what was wrong with this call and `recommendation` what to do; `field` and `fields` name the parts of the request. `instance` names the call in the log of the function.',
    '',
    table(
      ['status', 'code', 'meaning'],
      Object.entries(problemCodes).map(([code, [status, meaning]]) => [
        String(status),
        `\`${code}\``,
        meaning,
      ]),
    ),
    '',
    'A failure of a SentinelOne console has the code of that failure, as in [connectivity-test.md](connectivity-test.md), and its own status in `upstreamStatus`; the call is then answered with 503 where the console is away or asks to wait, and with 502 otherwise.',
    '',
    '## A walk',
    '',
    'With `API` the URL of the stack without the slash at its end, and `KEY` a key with the right `admin`.',
    '',
    ...walk.flatMap(shownCall),
    '## In a SOAR or a workflow tool',
    '',
    'Download the document once (`curl -H "x-api-key: $KEY" "$API/v1/openapi.json"`) or take [openapi.json](openapi.json), and put the URL of your stack into `servers`. Make a key of its own for each tool, with no more than the rights and tenants it needs: `read` to watch, `test` to test, `respond` to act on endpoints, `admin` to change.',
    '',
    '- **Cortex XSOAR:** the command `demisto-sdk openapi-codegen` makes an integration of an OpenAPI file; give it the key as a parameter of the type “encrypted” that is sent as the header `x-api-key`. Without the SDK, any integration for plain HTTP requests does it, with the URL and the header.',
    '- **Splunk SOAR:** an HTTP app with the base URL, the header `x-api-key` as its authentication, and one action per operation; the table above has methods and paths.',
    '- **Tines:** import the curl commands above, or the OpenAPI file, into HTTP request actions, and keep the key as a credential of the type “text” that is put into the header `x-api-key`.',
    '- **n8n:** the node “HTTP Request” imports the curl commands above; keep the key as a credential of the type “Header Auth” with the name `x-api-key`. Pages: repeat with `cursor` from `nextCursor` until there is none.',
    '',
    'Names of menus change with the versions of these products; what they need is always the base URL, the header and the table above. Let a playbook branch on `code`, never on `detail`, and retry 429, 502 and 503 after `Retry-After`.',
    '',
  ].join('\n');
}

function shownCall(step: WalkStep): readonly string[] {
  return [`${step.title}:`, '', '```sh', commandOf(step), '```', ''];
}
