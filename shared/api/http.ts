/** A call as the gateway gives it: nothing is decoded but the URL's parts. */
export interface ApiRequest {
  readonly method: string;
  /** Without the stage and without a query, e.g. `/v1/connectors/acme.edr`. */
  readonly path: string;
  /** Every value of every parameter, decoded. */
  readonly query: Readonly<Record<string, readonly string[]>>;
  /** By lower-case name, every value. */
  readonly headers: Readonly<Record<string, readonly string[]>>;
  readonly body: string | undefined;
  readonly requestId: string;
  readonly sourceIp: string;
  /** The caller's ARN where the gateway has checked a signature. */
  readonly userArn?: string;
}

export interface ApiResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON, or another text as `Content-Type` says; absent for 204 and 304. */
  readonly body?: string;
}

/** The one value of a header; undefined where there is none. Where it came several times the last does not win: it is none. */
export function headerOf({ headers }: Pick<ApiRequest, 'headers'>, name: string): string | undefined {
  const values = headers[name] ?? [];
  return values.length === 1 ? values[0] : undefined;
}
