import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ID_WORDS, IdSet } from './id-set.ts';

test('holds the same as a Set of strings', () => {
  // Few different words, so that ids share most of them.
  const word = fc.constantFrom(0, 1, 2, 1024, 2 ** 32 - 1);
  const id = fc.tuple(word, word, word, fc.constantFrom(0, 2, 7, 2 ** 31));
  fc.assert(
    fc.property(fc.array(id, { maxLength: 400 }), fc.array(id, { maxLength: 50 }), (added, asked) => {
      const truth = new Set<string>();
      const set = new IdSet();
      for (const words of added) {
        expect(set.add(Uint32Array.from(words), 0)).toBe(!truth.has(words.join()));
        truth.add(words.join());
      }
      expect(set.size).toBe(truth.size);
      for (const words of [...asked, ...added])
        expect(set.has(Uint32Array.from([9, ...words]), 1)).toBe(truth.has(words.join()));
    }),
  );
});

test('grows', () => {
  const set = new IdSet();
  const words = new Uint32Array(50_000 * ID_WORDS);
  for (let i = 0; i < words.length; i++) words[i] = Math.imul(i + 1, 2_654_435_761);
  for (let at = 0; at < words.length; at += ID_WORDS) expect(set.add(words, at)).toBe(true);
  for (let at = 0; at < words.length; at += ID_WORDS) expect(set.add(words, at)).toBe(false);
  expect(set.size).toBe(50_000);
});
