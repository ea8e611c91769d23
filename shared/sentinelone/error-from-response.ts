import { ConnectorError, type ConnectorErrorDetails } from '../errors.ts';
import { type ErrorBody, readErrorBody } from './error-body.ts';
import { type ErrorCondition, errorTable } from './error-table.ts';
import { redact } from './redact.ts';
import { parseRetryAfter } from './retry-after.ts';

/** An answer that is not a success. */
export interface FailedResponse {
  /** What was asked, for the message: `GET /threats`. Without a query. */
  readonly request: string;
  readonly status: number;
  readonly retryAfter?: string | undefined;
  readonly body: Buffer;
}

export interface ErrorContext {
  /** Epoch milliseconds. */
  readonly now: number;
  /** Strings that must not appear in the message even if the console sends them back. */
  readonly secrets: readonly string[];
}

const longestVendorText = 200;

/** What a failed answer means, by the error table. The message quotes at most the vendor's title and detail. */
export function errorFromResponse(response: FailedResponse, context: ErrorContext): ConnectorError {
  const { request, status } = response;
  const details = explainFailure({
    request,
    status,
    answeredWith: status,
    body: readErrorBody(response.body),
    secrets: context.secrets,
  });
  const retryAfterMs = details.retryable ? parseRetryAfter(response.retryAfter, context.now) : undefined;
  return new ConnectorError(retryAfterMs === undefined ? details : { ...details, retryAfterMs });
}

export interface Failure {
  readonly request: string;
  /** The status that the error table is asked for. */
  readonly status: number;
  /** The status of the answer; another one where an error came inside a success. */
  readonly answeredWith: number;
  readonly body: ErrorBody;
  readonly secrets: readonly string[];
}

/** What does not depend on headers. */
export function explainFailure(failure: Failure): ConnectorErrorDetails {
  const { body, answeredWith } = failure;
  const row = errorTable.find(({ when }) => applies(when, failure.status, body));
  if (!row) throw new RangeError(`${failure.status} is not an HTTP status`);
  const { code, health, retryable, recommendation } = row;
  const vendorCode = body.vendorCode === undefined ? '' : `, code ${body.vendorCode}`;
  // Masked before it is cut, so that no half of a secret is left over.
  const vendorText = redact(body.vendorText, failure.secrets).slice(0, longestVendorText);
  const quote = vendorText === '' ? '' : `: ${vendorText}`;
  return {
    code,
    health,
    retryable,
    recommendation,
    message: `${failure.request}: ${row.sentence} (HTTP ${answeredWith}${vendorCode})${quote}`,
    httpStatus: answeredWith,
    ...(body.vendorCode === undefined ? {} : { vendorCode: body.vendorCode }),
  };
}

/** The message of such an error without what the console said in its own words. */
export function withoutVendorText(message: string): string {
  return message.replace(/(\(HTTP \d{3}(?:, code \d+)?\)): .*$/s, '$1');
}

function applies(when: ErrorCondition, status: number, body: ErrorBody): boolean {
  const [from, to] = typeof when.status === 'number' ? [when.status, when.status] : when.status;
  return (
    status >= from &&
    status <= to &&
    (when.vendorCode === undefined || when.vendorCode === body.vendorCode) &&
    (when.forms === undefined || when.forms.includes(body.form)) &&
    (when.says === undefined || when.says.test(body.searchText))
  );
}
