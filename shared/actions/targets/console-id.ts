/** Ids of the console are 64-bit numbers, signed; those that were seen have 18 or 19 digits. */
const largest = 2n ** 63n - 1n;

/** True for a text that can be an id of the console. Others are never sent: one of them would get the whole call refused. */
export function isConsoleId(text: string): boolean {
  return /^\d{1,24}$/.test(text) && BigInt(text) <= largest;
}
