/** The key that the command line asks for, as it was typed. */
export interface KeyRequest {
  readonly name: string;
  readonly rights: readonly string[];
  readonly tenants: 'all' | readonly string[];
  /** Epoch milliseconds; the key does not expire where absent. */
  readonly expiresAt?: number;
}
