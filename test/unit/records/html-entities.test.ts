import { describe, expect, it } from 'vitest';
import { decodeHtmlEntities } from '../../../shared/records/html-entities.ts';

describe('a text with HTML entities', () => {
  it.each([
    ['AT&amp;T', 'AT&T'],
    ['&lt;b&gt; &quot;x&quot; &apos;y&apos; &#39;z&#39;', "<b> \"x\" 'y' 'z'"],
    ['L&#xF6;sungen &#128054; &#X1F98A;', 'Lösungen 🐶 🦊'],
    ['Adobe&reg;', 'Adobe®'],
    ['&amp;lt;', '&lt;'],
    ['R&D', 'R&D'],
    ['&unknown; &constructor; &; &#; &#x;', '&unknown; &constructor; &; &#; &#x;'],
    ['&#0; &#xD800; &#x110000; &#9999999;', '&#0; &#xD800; &#x110000; &#9999999;'],
  ])('%s', (text, decoded) => {
    expect(decodeHtmlEntities(text)).toBe(decoded);
  });
});
