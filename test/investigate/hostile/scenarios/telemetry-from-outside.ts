import type { Scenario } from '../scenario.ts';
import { telemetry } from './telemetry.ts';

const kinds: readonly (readonly [name: string, dport: number, inside: boolean, oneSourcePort: boolean])[] = [
  ['sFlow from routers outside', 6343, false, true],
  ['telemetry of devices outside', 5683, false, false],
  ['telemetry of devices outside, one port each', 8125, false, true],
];

/** Datagrams from outside that the rules let in and that nobody answers, because nobody is meant to. */
export const telemetryFromOutside: readonly Scenario[] = kinds.map(
  ([name, dport, inside, oneSourcePort]) => ({
    name,
    hours: [8, 24],
    plant: (world) => telemetry(world, name, dport, inside, oneSourcePort),
  }),
);
