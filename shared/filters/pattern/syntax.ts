/** What takes one character of a text. */
export type Atom =
  | { readonly kind: 'character'; readonly character: string }
  /** A class as JavaScript writes it under the flag `u`: `\d`, `[a-z_]`, `.`. */
  | { readonly kind: 'class'; readonly source: string };

/** What holds at a place of a text, and takes no character. */
export type Assertion = 'start' | 'end' | 'wordBoundary' | 'noWordBoundary';

/** A pattern as it was read. */
export type PatternNode =
  | { readonly kind: 'atom'; readonly atom: Atom }
  | { readonly kind: 'assertion'; readonly assertion: Assertion }
  | { readonly kind: 'sequence'; readonly parts: readonly PatternNode[] }
  | { readonly kind: 'choice'; readonly options: readonly PatternNode[] }
  /** `most` undefined: without end. */
  | {
      readonly kind: 'repeat';
      readonly part: PatternNode;
      readonly least: number;
      readonly most: number | undefined;
    };
