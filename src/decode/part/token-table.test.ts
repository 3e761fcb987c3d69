import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TextCodes } from './text-codes.ts';
import { HASH_PRIME, HASH_START, TokenTable } from './token-table.ts';

function codeOf(table: TokenTable, token: string): number {
  const bytes = Buffer.from(`xx${token}yy`);
  let hash = HASH_START;
  for (const byte of bytes.subarray(2, -2)) hash = Math.imul(hash ^ byte, HASH_PRIME);
  return table.code(bytes, 2, bytes.length - 2, hash);
}

test('gives every token the code of its text, in each part', () => {
  fc.assert(
    fc.property(fc.array(fc.array(fc.string({ minLength: 1, maxLength: 6 }))), (parts) => {
      const texts = new TextCodes();
      const table = new TokenTable(texts, (token) => token);
      for (const tokens of parts) {
        for (const token of tokens) {
          // Lone surrogates become replacement characters when encoded.
          expect(texts.list[codeOf(table, token)]).toBe(Buffer.from(token).toString());
        }
        expect(new Set(texts.list).size).toBe(texts.list.length);
        texts.reset();
        table.trim();
      }
    }),
  );
});

test('holds many tokens, and forgets them when it is trimmed', () => {
  const texts = new TextCodes();
  const table = new TokenTable(texts, (token) => token);
  for (let round = 0; round < 2; round += 1) {
    for (let i = 0; i < 70_000; i += 1) codeOf(table, `token-${i}`);
    for (let i = 0; i < 70_000; i += 997) expect(texts.list[codeOf(table, `token-${i}`)]).toBe(`token-${i}`);
    expect(texts.list).toHaveLength(70_001);
    texts.reset();
    table.trim();
  }
});

test('a refused token has no code, and several tokens may stand for the same text', () => {
  const texts = new TextCodes();
  const table = new TokenTable(texts, (token) => (token.startsWith('!') ? null : token.toLowerCase()));
  expect(codeOf(table, '!a')).toBe(-1);
  expect(codeOf(table, 'ABC')).toBe(codeOf(table, 'abc'));
});
