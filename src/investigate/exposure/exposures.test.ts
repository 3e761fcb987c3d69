import { expect, test } from 'vitest';
import { type CountedExposure, machineOf, withoutPassedOn } from './exposures.ts';

const FIREWALL = 'eni-0';
const OWN = 'eni-9';

function exposure(face: string, more: Partial<CountedExposure> = {}): CountedExposure {
  const door = { interface: face, dst: 7, port: 2375, protocol: 6, sources: 9, answered: 9, records: 27 };
  const hour = { hour: 1, attempts: 27, first: 3600, last: 7000, slots: 1, bytes: 0, longest: 0 };
  return {
    group: 1, what: 'containers', doors: [door], sources: [], sourceCount: 9, answered: 9, spoke: 9, firstAnswer: 3600, lastAnswer: 7000,
    active: [hour], refused: [], ...more,
  };
} // prettier-ignore

/** The firewall logs what goes to several machines. */
const looked = new Map(
  [
    [FIREWALL, 7],
    [FIREWALL, 8],
    [OWN, 7],
  ].map(([face, dst]) => [machineOf({ interface: String(face), dst: Number(dst) }), 1]),
);

test('traffic that a firewall logs again is reported at the interface of the machine alone', () => {
  const both = [exposure(FIREWALL), exposure(OWN, { firstAnswer: 3660 })];
  expect(withoutPassedOn(both, looked).map(({ doors }) => doors[0]?.interface)).toEqual([OWN]);
});

test('machines of one private address in two networks are two, which other connections tell', () => {
  const both = [exposure(FIREWALL), exposure(OWN, { firstAnswer: 9000 })];
  expect(withoutPassedOn(both, looked)).toHaveLength(2);
  expect(withoutPassedOn([exposure(FIREWALL), exposure(OWN, { sourceCount: 8 })], looked)).toHaveLength(2);
});
