/** Who gives commands: the user of a token. */
export interface User {
  readonly id: string;
  readonly name: string;
}
