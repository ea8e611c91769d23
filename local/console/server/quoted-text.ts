/** A query's text with its quoted values taken out: `a = 'b'` is `a = "0"`, and the value 0 is `b`. */
export interface QuotedText {
  readonly skeleton: string;
  readonly values: readonly string[];
}

/** Undefined where a quote has no partner. */
export function takeQuotesOut(text: string): QuotedText | undefined {
  const values: string[] = [];
  const skeleton = text.replace(
    /"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'/gs,
    (_, double?: string, single?: string) => {
      values.push((double ?? single ?? '').replace(/\\(.)/gs, '$1'));
      return `"${values.length - 1}"`;
    },
  );
  if (/["']/.test(skeleton.replace(/"\d+"/g, ''))) return undefined;
  return { skeleton, values };
}

/** The values that a part of a skeleton names, e.g. the inside of a list. */
export function valuesIn({ values }: QuotedText, part: string): readonly string[] {
  return [...part.matchAll(/"(\d+)"/g)].map(([, index]) => values[Number(index)] ?? '');
}
