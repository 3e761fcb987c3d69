import { expect, test } from 'vitest';
import { type Candidate, nameOf } from './combination-counts.ts';
import { restatements } from './restatements.ts';

const names = ['srcaddr', 'dstaddr', 'interface_id', 'subnet_id'];
const single = (dimension: number, key: number, selected: number, rest: number): Candidate => ({
  values: [{ dimension, key }],
  selected,
  rest,
});

/** What restates a question about some flows, compared with a hundred times as many others. */
const restated = (asked: string, candidates: readonly Candidate[]): ReadonlySet<string> =>
  restatements(new Set([asked]), names, candidates, { selected: 1000, rest: 100_000 }, false);

test('where an address is asked about, the interface that logged all of it says nothing, though its own flows are too few to show', () => {
  const candidates = [single(0, 7, 600, 10), single(2, 5, 1000, 40), single(3, 3, 1000, 90)];
  expect(restated('dstaddr', candidates)).toEqual(
    new Set([nameOf([{ dimension: 2, key: 5 }]), nameOf([{ dimension: 3, key: 3 }])]),
  );
});

test('where a port is asked about, an interface is an answer', () => {
  const candidates = [single(2, 5, 1000, 40)];
  expect(restated('dstport', candidates)).toEqual(new Set());
});

test('where a destination is asked about, an interface that logged only a part of it is an answer', () => {
  const candidates = [single(2, 5, 500, 4000)];
  expect(restated('dstaddr', candidates)).toEqual(new Set());
});

test('where a zone is asked about, the subnets in it say nothing, and neither do those in others', () => {
  const candidates = [single(3, 5, 400, 0), single(3, 6, 0, 9000), single(3, 7, 100, 4000)];
  expect(restated('az_id', candidates)).toEqual(
    new Set([nameOf([{ dimension: 3, key: 5 }]), nameOf([{ dimension: 3, key: 6 }])]),
  );
});

test('an address in the packets that is as often the one logged says nothing; that of a pod, whose node is logged, does', () => {
  const fields = ['srcaddr', 'dstaddr', 'pkt_srcaddr'];
  const candidates = [single(0, 7, 600, 900), single(2, 7, 600, 900), single(0, 8, 200, 90), single(2, 8, 500, 90)];
  const found = restatements(new Set(['start']), fields, candidates, { selected: 1000, rest: 1000 }, true);
  expect(found).toEqual(new Set([nameOf([{ dimension: 2, key: 7 }])]));
}); // prettier-ignore
