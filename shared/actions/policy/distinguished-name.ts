/** One part of a distinguished name: `OU=Servers` has the kind `ou` and the value `servers`. */
interface NamePart {
  readonly kind: string;
  readonly value: string;
}

/**
 * True where a distinguished name has what somebody has written down, in any capitals. A text with `=` in it is a run of its parts
 * (`OU=Servers,DC=corp`); any other is the name of the first part itself (of a group), or of one of the units and containers
 * above it (of a computer). Domain components have no say in the latter: all computers are in the domain.
 */
export function distinguishedNameHas(name: string, text: string, where: 'itself' | 'containers'): boolean {
  const parts = partsOf(name);
  const wanted = partsOf(text);
  if (wanted.length > 0 && wanted.every(({ kind }) => kind !== ''))
    return parts.some((_, from) => wanted.every((part, i) => isSame(parts[from + i], part)));
  const value = unescaped(text);
  const named = where === 'itself' ? parts.slice(0, 1) : parts.slice(1).filter(({ kind }) => kind !== 'dc');
  return named.some((part) => part.value === value);
}

function isSame(a: NamePart | undefined, b: NamePart): boolean {
  return a?.kind === b.kind && a.value === b.value;
}

/** A part without `=` has the kind ''. */
function partsOf(name: string): readonly NamePart[] {
  // A backslash takes its meaning from the comma behind it.
  const texts = name.match(/(?:\\.|[^,\\])+/gs) ?? [];
  return texts.map((text) => {
    const at = text.indexOf('=');
    return at < 0
      ? { kind: '', value: unescaped(text) }
      : { kind: text.slice(0, at).trim().toLowerCase(), value: unescaped(text.slice(at + 1)) };
  });
}

function unescaped(text: string): string {
  return text.replaceAll(/\\(.)/gs, '$1').trim().toLowerCase();
}
