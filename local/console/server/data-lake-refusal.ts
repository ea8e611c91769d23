import { VendorError } from './vendor-error.ts';

/** A refusal in the form that the data lake has for what is wrong with a request. */
export class DataLakeRefusal extends VendorError {
  constructor(status: 400 | 404, message: string) {
    super(status, status * 10_000 + 10, 'error/client/badParam', message);
    this.name = 'DataLakeRefusal';
  }

  override get body(): string {
    return JSON.stringify({ message: this.detail, status: this.title });
  }
}
