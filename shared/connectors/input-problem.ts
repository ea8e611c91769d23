/** What is wrong with one part of what a caller gave. */
export interface InputProblem {
  /** A path, e.g. `filters[2].conditions[0].value`. */
  readonly field: string;
  /** Goes after the field's name; never holds what was given where that may be a secret. */
  readonly message: string;
  readonly recommendation: string;
}
