import { exposedPort, type PortGroup } from './exposed-ports.ts';
import { LEAST_OPEN_PORTS, type Door } from '../../sql/investigate/exposure-queries.ts';
import { type Key, readKey } from '../../sql/key.ts';
import { groupBy } from '../group-by.ts';
import type { ActiveHour } from '../attempt-times.ts';

/** A port of ours that outsiders were let in at. Times are Unix seconds. */
export interface OpenDoor extends Door {
  readonly sources: number;
  readonly answered: number;
  readonly records: number;
}

/** Open ports of one machine that are reported together: a group of ports, or many ports. */
export interface Exposure {
  readonly group: number;
  readonly what: PortGroup | 'many ports';
  /** Busiest first. */
  readonly doors: readonly OpenDoor[];
}

interface ExposureSource {
  readonly src: Key;
  readonly active: readonly ActiveHour[];
}

/** What is known of an exposure's sources: the busiest, and counts of all. */
export interface CountedExposure extends Exposure {
  readonly sources: readonly ExposureSource[];
  readonly sourceCount: number;
  readonly answered: number;
  /** Answered with more than what opens and closes a connection; null: the logs have no amounts to tell by. */
  readonly spoke: number | null;
  readonly firstAnswer: number | null;
  readonly lastAnswer: number | null;
  readonly active: readonly ActiveHour[];
  /** Hours in which outsiders were refused at these ports, with the flows; `again`: those of sources that were accepted at other times. */
  readonly refused: readonly { readonly hour: number; readonly flows: number; readonly again: number }[];
}

type Row = readonly unknown[];

/** An hour's records as an hour of attempts: there is no finer resolution. */
export function readHour([hour, records, first, last]: Row): ActiveHour {
  return {
    hour: Number(hour),
    attempts: Number(records),
    first: Number(first),
    last: Number(last),
    slots: 1,
    bytes: 0,
    longest: 0,
  };
}

export function readDoor([face, dst, port, protocol, sources, answered, records]: Row): OpenDoor {
  return {
    interface: readKey(face),
    dst: readKey(dst),
    port: Number(port),
    protocol: Number(protocol),
    sources: Number(sources),
    answered: Number(answered),
    records: Number(records),
  };
}

/** Of the ports of a machine that hourly sums tell, at least this share has to be begun from outside, or they are a client's. */
const BEGUN_SHARE = 0.5;
/** A client (a NAT gateway) uses ports once, for one server each: who serves there has more sources. */
const LEAST_OF_CLIENTS = 3;

/**
 * One exposure for each machine and group of ports; where a machine has many ports open, that is the exposure.
 * @param looked how many ports of an address something was let in at, replies to it included, by `machineOf`
 */
export function groupDoors(
  doors: readonly OpenDoor[],
  looked: ReadonlyMap<string, number>,
): readonly Exposure[] {
  const byMachine = groupBy(doors, machineOf);
  const exposures = [...byMachine].flatMap(([machine, all]): readonly Omit<Exposure, 'group'>[] => {
    const open = all.filter(({ protocol }) => protocol === 6);
    const isClient = open.length < BEGUN_SHARE * (looked.get(machine) ?? 0);
    if (open.length >= LEAST_OPEN_PORTS && !isClient) return [{ what: 'many ports', doors: open }];
    const answering = all.flatMap((door) => {
      const known = exposedPort(door.port, door.protocol);
      const least = isClient ? LEAST_OF_CLIENTS : 1;
      return known === undefined || door.answered < least ? [] : [{ door, group: known.group }];
    });
    return [...groupBy(answering, ({ group }) => group)].map(([what, some]) => ({
      what,
      doors: some.map(({ door }) => door),
    }));
  });
  return exposures.map((one, index) => ({ ...one, group: index + 1 }));
}

export function machineOf(one: Pick<Door, 'interface' | 'dst'>): string {
  return `${one.interface} ${one.dst}`;
}

/** What two interfaces log of the same connections begins and ends within so many seconds, and differs by so large a share of its records. */
const SAME_SECONDS = 600;
const SAME_SHARE = 0.1;

/**
 * Leaves out what an interface on the way, such as a firewall's, logs of a machine once more. The machine's own has the fewest addresses.
 * @param looked keys are those of `machineOf`
 */
export function withoutPassedOn(
  exposures: readonly CountedExposure[],
  looked: ReadonlyMap<string, number>,
): readonly CountedExposure[] {
  const addresses = new Map<string, number>();
  for (const machine of looked.keys()) {
    const [face = ''] = machine.split(' ');
    addresses.set(face, (addresses.get(face) ?? 0) + 1);
  }
  const placeOf = ({ doors: [door] }: CountedExposure): string => `${door?.interface}`;
  const isNearer = (a: CountedExposure, b: CountedExposure): boolean => {
    const more = (addresses.get(placeOf(a)) ?? 0) - (addresses.get(placeOf(b)) ?? 0);
    return more === 0 ? placeOf(a) < placeOf(b) : more < 0;
  };
  return exposures.filter((one) => !exposures.some((other) => isSame(one, other) && isNearer(other, one)));
}

function isSame(one: CountedExposure, other: CountedExposure): boolean {
  const [a, b] = [one.doors[0], other.doors[0]];
  if (a === undefined || b === undefined || a.dst !== b.dst || a.interface === b.interface) return false;
  if (one.what !== other.what || one.sourceCount !== other.sourceCount) return false;
  const records = ({ active }: CountedExposure): number =>
    active.reduce((sum, { attempts }) => sum + attempts, 0);
  const [first, second] = [records(one), records(other)];
  const near = (x: number | null, y: number | null): boolean =>
    x === y || Math.abs((x ?? -Infinity) - (y ?? -Infinity)) <= SAME_SECONDS;
  return (
    Math.abs(first - second) <= SAME_SHARE * Math.max(first, second) &&
    near(one.firstAnswer, other.firstAnswer) &&
    near(one.lastAnswer, other.lastAnswer)
  );
}
