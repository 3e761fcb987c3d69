import { describe, expect, test } from 'vitest';
import { type CommitRecord, type LedgerRecord, decodeRecord, encodeRecord } from './ledger-record.ts';
import { judge } from './ledger-state.ts';
import { fromJson, toJson } from './typed-json.ts';

const commit: CommitRecord = {
  kind: 'commit',
  batch: 'log-1',
  parts: 2,
  hashes: ['a', 'b'],
  positions: [{ source: 'kafka:x', name: '0', before: '7' }],
  ids: [{ source: 'push', version: 3 }],
};
const state = (
  more: {
    readonly inputs?: readonly string[];
    readonly position?: string | null;
    readonly version?: number;
  } = {},
) => ({
  hasInput: (sha256: string) => (more.inputs ?? []).includes(sha256),
  positionOf: () => (more.position === undefined ? '7' : more.position),
  idsVersion: () => more.version ?? 3,
});

test('a batch is in only if all that it was made from is still so', () => {
  expect(judge(commit, true, 2, state())).toEqual({ kind: 'in' });
  expect(judge(commit, true, 2, state({ inputs: ['b', 'c'] }))).toEqual({ kind: 'taken', hashes: ['b'] });
  expect(judge(commit, true, 2, state({ position: '8' }))).toEqual({ kind: 'moved', source: 'kafka:x' });
  expect(judge(commit, true, 2, state({ position: null }))).toEqual({ kind: 'moved', source: 'kafka:x' });
  expect(judge(commit, true, 2, state({ version: 4 }))).toEqual({ kind: 'moved', source: 'push' });
  // It ended before, or a part of it did not come.
  expect(judge(commit, false, 2, state())).toEqual({ kind: 'dropped' });
  expect(judge(commit, true, 1, state())).toEqual({ kind: 'dropped' });
});

describe('records', () => {
  test.each<LedgerRecord>([
    { kind: 'open' },
    { kind: 'claim', batch: 'log-1', hashes: ['a\n"ä'] },
    { kind: 'part', batch: 'log-1', end: true, bytes: Buffer.from([10, 0, 255, 10]) },
    { kind: 'part', batch: 'log-1', end: false, bytes: Buffer.alloc(0) },
    commit,
    { kind: 'drop', batch: 'log-1', sent: false },
  ])('are read as they were written: $kind', (record) => {
    expect(decodeRecord(encodeRecord(record))).toEqual(record);
  });

  test.each([
    '',
    'x',
    '{}\n',
    '{"version":2,"kind":"open"}\n',
    '{"version":1,"kind":"other"}\n',
    '[1]\n',
    'null\n',
  ])('of others are refused: %j', (text) => {
    expect(() => decodeRecord(Buffer.from(text))).toThrow(/does not know/);
  });
});

test('JSON with arrays of numbers is read as it was written', () => {
  const value = {
    a: Uint32Array.from([0, 1, 4_294_967_295]),
    b: [Uint8Array.from([]), Uint16Array.from([65_535, 256])],
    c: { $other: 'text', d: null, '': 'e' },
    e: Uint32Array.from([1, 2, 3, 4]).subarray(1, 3),
  };
  expect(fromJson(toJson(value))).toEqual(value);
});
