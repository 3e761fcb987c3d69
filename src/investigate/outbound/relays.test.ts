import { expect, test } from 'vitest';
import { relays } from './relays.ts';

const [machine, other, gateway, outside] = [3, 4, 99, 1000];
const begun = (src: number, connections: number, dst = outside) => ({ src, dst, port: 443, protocol: 6, connections }); // prettier-ignore
const sent = (src: number, records: number, port = 443) => ({ src, dst: gateway, port, protocol: 6, records }); // prettier-ignore

test('what passes on the connections of machines behind it is a relay', () => {
  const all = [begun(machine, 100), begun(other, 50), begun(gateway, 150)];
  expect([...relays(all, [sent(machine, 100), sent(other, 50)])]).toEqual([gateway]);
});

test('machines with the same program are none: nothing comes in from the others, or not at that port', () => {
  const all = [begun(machine, 100), begun(gateway, 100)];
  expect(relays(all, []).size).toBe(0);
  expect(relays(all, [sent(machine, 100, 8080)]).size).toBe(0);
  expect(relays(all, [sent(machine, 20)]).size).toBe(0);
});

test('nor what begins many more connections than come in, or others elsewhere', () => {
  const in100 = [sent(machine, 100)];
  expect(relays([begun(machine, 100), begun(gateway, 300)], in100).size).toBe(0);
  expect(relays([begun(machine, 100, 1001), begun(gateway, 100)], in100).size).toBe(0);
});
