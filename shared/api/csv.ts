/**
 * What spreadsheets take for the beginning of a formula, also behind space and in full width, as East Asian keyboards write it. It may
 * begin a field; and where the spreadsheet's language separates cells by semicolons, it begins a cell within one.
 */
const formula = /(?=[=+\-@＝＋－＠])(?<=(?:^|[;\t\r\n])\s*)/gu;

/**
 * A line of a CSV file by RFC 4180, with its end. An apostrophe stands before what a spreadsheet would take for a formula, and
 * makes it a text there: names of endpoints and reasons come from people whom the reader of the file need not trust.
 */
export function csvLine(fields: readonly (string | undefined)[]): string {
  return `${fields.map((field = '') => quoted(field.replaceAll(formula, "'"))).join(',')}\r\n`;
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
