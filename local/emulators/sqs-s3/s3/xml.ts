const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#13;',
};

/** Text as it stands between two XML tags. */
export function xmlText(text: string): string {
  return text.replace(/[&<>"\r]/g, (character) => escapes[character] ?? character);
}

/** `<name>text</name>`, with the text escaped. */
export function xmlElement(name: string, text: string | number | boolean): string {
  return `<${name}>${xmlText(String(text))}</${name}>`;
}

/** The line that every XML answer starts with. */
export const xmlDeclaration = '<?xml version="1.0" encoding="UTF-8"?>\n';
