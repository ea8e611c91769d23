/** A function answers with 6 MB at most, and what stands around a body needs some of it. */
export const mostAnswerBytes = 5 * 1024 * 1024;

/** What a part of a body adds to the function's answer, in which the body is a text within JSON. */
export function answerBytes(text: string): number {
  return Buffer.byteLength(JSON.stringify(text));
}
