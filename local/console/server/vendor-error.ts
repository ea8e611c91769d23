/** A refusal in the form of the vendor: thrown anywhere below an endpoint, answered by the server. */
export class VendorError extends Error {
  readonly status: number;
  /** Seven digits. */
  readonly code: number;
  readonly title: string;
  readonly detail: string | null;

  constructor(status: number, code: number, title: string, detail: string | null) {
    super(`${title}: ${detail ?? 'no detail'}`);
    this.name = 'VendorError';
    this.status = status;
    this.code = code;
    this.title = title;
    this.detail = detail;
  }

  /** The body of the answer. */
  get body(): string {
    return JSON.stringify({ errors: [{ code: this.code, detail: this.detail, title: this.title }] });
  }
}

/** A refusal without the wrapper that all others have. */
export class BareVendorError extends VendorError {
  constructor({ status, code, title, detail }: VendorError) {
    super(status, code, title, detail);
    this.name = 'BareVendorError';
  }

  override get body(): string {
    return JSON.stringify({ code: this.code, detail: this.detail, title: this.title });
  }
}

/** 400 for a parameter; the detail starts with its name. */
export function invalidParameter(name: string, problem: string): VendorError {
  return new VendorError(400, 4_000_010, 'Validation Error', `${name}: ${problem}`);
}

export function unknownParameters(names: readonly string[]): VendorError {
  const list = names.map((name) => `'${name}'`).join(', ');
  return new VendorError(400, 4_000_010, 'Validation Error', `dict_values([${list}]): Unknown field`);
}

export function invalidCursor(): VendorError {
  return new VendorError(400, 4_000_010, 'Validation Error', 'Invalid cursor value received');
}

export function unauthorized(): VendorError {
  return new VendorError(401, 4_010_010, 'Authentication Failed', null);
}

export function forbidden(detail: string): VendorError {
  return new VendorError(403, 4_030_010, 'Insufficient permissions', detail);
}

export function notFound(detail: string | null = null): VendorError {
  return new VendorError(404, 4_040_010, 'Requested resource was not found', detail);
}
