import type { Scenario } from '../scenario.ts';
import { telemetry } from './telemetry.ts';

const kinds: readonly (readonly [name: string, dport: number, inside: boolean, oneSourcePort: boolean])[] = [
  ['sFlow from machines inside', 6343, true, true],
  ['statsd of machines inside', 8125, true, false],
  ['syslog of machines inside', 514, true, true],
];

/** Datagrams inside that nobody answers, because nobody is meant to. */
export const telemetryInside: readonly Scenario[] = kinds.map(([name, dport, inside, oneSourcePort]) => ({
  name,
  hours: [8, 24],
  plant: (world) => telemetry(world, name, dport, inside, oneSourcePort),
}));
