import type { ConnectorErrorDetails } from '../errors.ts';

/** The form in which a failure's body came. `text` is anything that is neither JSON nor HTML. */
export type BodyForm = 'json' | 'html' | 'text' | 'empty';

/** What a row is chosen by; all conditions it states must hold. */
export interface ErrorCondition {
  /** One status, or the first and the last of a range. */
  readonly status: number | readonly [from: number, to: number];
  readonly vendorCode?: number;
  /** Tried on the vendor's title and detail, or on a text body. */
  readonly says?: RegExp;
  readonly forms?: readonly BodyForm[];
}

/** From an answer of the console to what it means for the reader. */
export interface ErrorRow
  extends Pick<ConnectorErrorDetails, 'code' | 'health' | 'retryable' | 'recommendation'> {
  readonly when: ErrorCondition;
  /** Follows "GET /threats: ". Without a full stop. */
  readonly sentence: string;
}

const waitAndSee =
  "Nothing to do: the request is tried again with growing pauses. If it lasts for hours, look at the vendor's status page or ask SentinelOne support.";
const reportIt =
  'Report this to the maintainers of the connector with the code and the path; the collected data is not affected.';

/** "Please provide a valid account ID", and "accountIds: Missing data for required field". */
const scopeWanted =
  /\b(provide|valid|missing|requires?|must)\b.*(account|site) ?ids?\b|(account|site) ?ids?\b.*\b(missing|required)|user scope level/i;

/** The first row that fits is taken, so the special ones of a status stand before its general one. */
export const errorTable: readonly ErrorRow[] = [
  {
    when: { status: 400, says: /unknown field/i },
    code: 'unknown_parameter',
    health: 'misconfigured',
    retryable: false,
    sentence: 'this console does not know a parameter of the request',
    recommendation: `The console may run an older version than the connector expects. ${reportIt}`,
  },
  {
    when: { status: 400, says: /cursor/i },
    code: 'cursor_refused',
    health: 'unavailable',
    retryable: true,
    sentence: 'the console no longer accepts the page cursor',
    recommendation:
      'Nothing to do: the reading goes on from the last record it has. If it repeats on every page, pause the content type and report it.',
  },
  {
    when: { status: 400, vendorCode: 4_000_030 },
    code: 'already_exists',
    health: 'misconfigured',
    retryable: false,
    sentence: 'the console already has what was to be created',
    recommendation: 'Nothing to do: the wanted state is there.',
  },
  {
    when: { status: 400, says: /retention|retain(s|ed)?\b/i },
    code: 'outside_retention',
    health: 'misconfigured',
    retryable: false,
    sentence: 'the time span is older than the data that the console keeps',
    recommendation: 'Start the collection later, within the retention that the licence grants.',
  },
  {
    when: {
      status: [400, 403],
      says: scopeWanted,
    },
    code: 'scope_filter_missing',
    health: 'misconfigured',
    retryable: false,
    sentence: 'the console wants an account or a site to be named',
    recommendation:
      'Set the account ids or site ids of the connector; the console shows them on Settings > Accounts and Settings > Sites.',
  },
  {
    when: { status: 400, vendorCode: 4_000_040 },
    code: 'query_refused',
    health: 'misconfigured',
    retryable: false,
    sentence: 'the console refused the Deep Visibility query',
    recommendation:
      "Try the query on the console's Visibility page, where the fault in it is shown, and correct it.",
  },
  {
    when: { status: 400 },
    code: 'request_refused',
    health: 'misconfigured',
    retryable: false,
    sentence: 'the console refused a value in the request',
    recommendation: `Check the connector's account ids, site ids and filters. If they are right: ${reportIt}`,
  },
  {
    when: { status: 401 },
    code: 'token_refused',
    health: 'credentials',
    retryable: false,
    sentence: 'the console refused the API token: expired, revoked, or of another console',
    recommendation:
      'Generate a new token for the service user on Settings > Users > Service Users and store it in the connector. Check also that the host URL is the console which issued it.',
  },
  {
    when: { status: 403, forms: ['html'] },
    code: 'access_blocked',
    health: 'permission',
    retryable: false,
    sentence: 'something in front of the console forbade the request',
    recommendation:
      "Add the connector's outgoing address to the console's IP allow list and to any gateway in between.",
  },
  {
    when: { status: 403, says: /custom rules/i },
    code: 'custom_rules_disabled',
    health: 'licence',
    retryable: false,
    sentence: 'this scope does not have custom detection rules (STAR)',
    recommendation:
      'Switch this content type off, or have STAR Custom Rules enabled for the site or account (Settings > Sites, add-ons).',
  },
  {
    when: {
      status: 403,
      says: /licen[cs]e|not (available|enabled|supported|active)|does not have .*enabled|feature|add-?on|\bsku\b/i,
    },
    code: 'licence_missing',
    health: 'licence',
    retryable: false,
    sentence: "this scope's licence does not include the data",
    recommendation:
      'Switch this content type off, or have the feature enabled for the site or account (Settings > Sites, licences and add-ons).',
  },
  {
    when: { status: 403, says: /site users?\b/i },
    code: 'site_scope_refused',
    health: 'permission',
    retryable: false,
    sentence: 'a token of site scope may not read this',
    recommendation:
      'Use the token of a service user whose scope is the account (Settings > Users > Service Users), or switch this content type off.',
  },
  {
    when: { status: 403 },
    code: 'permission_missing',
    health: 'permission',
    retryable: false,
    sentence: "the role of the token's user may not do this",
    recommendation:
      'On Settings > Users > Roles give the role of the service user the permission that is missing, for the scope it is to read.',
  },
  {
    when: { status: 404, forms: ['html'] },
    code: 'page_not_found',
    health: 'misconfigured',
    retryable: false,
    sentence: 'this console does not have the endpoint',
    recommendation:
      'Check that the host URL is a SentinelOne management console. If it is, its version lacks this data: switch the content type off.',
  },
  {
    when: { status: 404, forms: ['text', 'empty'] },
    code: 'endpoint_missing',
    health: 'retired',
    retryable: false,
    sentence: 'this console does not have the endpoint',
    recommendation:
      "The console's version lacks this data: switch the content type off, or set its source to another one. It is tried again hourly, in case the console is updated.",
  },
  {
    when: { status: 404 },
    code: 'not_found',
    health: 'retired',
    retryable: false,
    sentence: 'the console does not have what was asked for, or the token may not see it',
    recommendation:
      'If it is an object: check that it still exists and lies within the scope of the service user. If it is a whole data set: this console does not have it, so switch the content type off. It is tried again hourly.',
  },
  {
    when: { status: 408 },
    code: 'console_timeout',
    health: 'unavailable',
    retryable: true,
    sentence: 'the console gave up waiting for the request',
    recommendation: waitAndSee,
  },
  {
    when: { status: 409 },
    code: 'conflict',
    health: 'misconfigured',
    retryable: false,
    sentence: 'the request contradicts a policy or a running operation of the console',
    recommendation:
      "Look at the policy of the object's site or group in the console (for agent updates: the upgrade policy), then try again.",
  },
  {
    when: { status: 410 },
    code: 'not_supported',
    health: 'retired',
    retryable: false,
    sentence: 'this console no longer has the endpoint',
    recommendation: 'Set the source of the content type to its successor, or switch the content type off.',
  },
  {
    when: { status: 429 },
    code: 'throttled',
    health: 'throttled',
    retryable: true,
    sentence: 'the console asked to send fewer requests',
    recommendation:
      'Nothing to do: the request is tried again when the console allows it. If it lasts, give the connector a service user of its own, because the limit counts per token.',
  },
  {
    when: { status: 501 },
    code: 'not_supported',
    health: 'retired',
    retryable: false,
    sentence: 'this console does not support the request',
    recommendation:
      'Switch this content type off for this console, or ask SentinelOne support whether the feature can be enabled. It is tried again hourly.',
  },
  {
    when: { status: 502 },
    code: 'bad_gateway',
    health: 'unavailable',
    retryable: true,
    sentence: 'the gateway in front of the console got no answer from it',
    recommendation: waitAndSee,
  },
  {
    when: { status: 503 },
    code: 'console_unavailable',
    health: 'unavailable',
    retryable: true,
    sentence: 'the console is unavailable, as during maintenance',
    recommendation: waitAndSee,
  },
  {
    when: { status: 504 },
    code: 'gateway_timeout',
    health: 'unavailable',
    retryable: true,
    sentence: 'the console did not answer its gateway in time',
    recommendation: waitAndSee,
  },
  {
    when: { status: [500, 599] },
    code: 'console_error',
    health: 'unavailable',
    retryable: true,
    sentence: 'the console failed on its side',
    recommendation: waitAndSee,
  },
  {
    when: { status: [400, 499] },
    code: 'request_refused',
    health: 'misconfigured',
    retryable: false,
    sentence: 'the console refused the request',
    recommendation: reportIt,
  },
  {
    when: { status: [100, 999] },
    code: 'unexpected_status',
    health: 'host',
    retryable: false,
    sentence: 'the answer has a status that a console does not give',
    recommendation:
      'Check that the host URL is a SentinelOne management console and that no proxy answers in its place.',
  },
];
