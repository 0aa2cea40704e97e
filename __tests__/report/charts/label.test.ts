import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { label } from '../../../src/report/charts/label.ts';

test.each([
  { name: 'a plain name', text: 'learning-rate (1e-4)', shown: 'learning-rate (1e-4)' },
  { name: 'quotes', text: '"a"', shown: '＂a＂' },
  { name: 'signs of Mermaid', text: '%% #quot; [a]: {b}', shown: '％％ ＃quot； ［a］： ｛b｝' },
  { name: 'HTML', text: '<b>&lt;', shown: '＜b＞＆lt；' },
  { name: 'several lines', text: 'a\n\n  bar\r[1]', shown: 'a bar ［1］' },
  { name: 'an emoji', text: '🎉', shown: '🎉' },
  { name: 'half an emoji', text: '\ud83c', shown: '\ufffd' },
  { name: 'nothing', text: '', shown: '?' },
  { name: 'what is not seen', text: '\u200b\u202e', shown: '?' },
  { name: 'a long name', text: 'x'.repeat(10_000), shown: `${'x'.repeat(31)}…` },
  { name: 'a long name of emoji', text: '🎉'.repeat(40), shown: `${'🎉'.repeat(31)}…` },
])('$name', ({ text, shown }) => {
  expect(label(text)).toBe(shown);
});

test('whatever the text is, a label is short, of one line, and has no sign that a grammar reads', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 100 }), fc.integer({ min: 2, max: 40 }), (text, length) => {
      const shown = label(text, length);
      expect(shown).not.toMatch(/["'`#;:%&<>\\[\]{}|$@!*^~\n\r]/);
      expect([...shown].length).toBeLessThanOrEqual(length);
      expect(shown.trim()).toBe(shown);
      expect(shown).not.toBe('');
    }),
  );
});
