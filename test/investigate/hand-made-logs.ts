import type { DuckDbStore } from '../../src/engine/duckdb/duckdb-store.ts';
import type { Knocks } from '../../src/model/knocks/knocks.ts';
import { LocalService } from '../../src/service/local-service.ts';
import { withLoggedStore } from '../support/logged-store.ts';
import { useTempFolder } from '../support/temp-folder.ts';

/** Unix seconds: when hand-made logs begin, a Wednesday. */
const START = Date.UTC(2024, 0, 10) / 1000;
export const HOURS = 8;
export const OUT = '198.51.100.7';
export const OURS = '10.0.0.5';
export const port = (turn: number): number => 32_768 + (turn % 20_000);

/** A flow; `at` in seconds since `START`. */
export interface Line {
  readonly at: number;
  readonly from: string;
  readonly to: string;
  readonly sport: number;
  readonly dport: number;
  readonly packets?: number;
  readonly bytes?: number;
  readonly lasts?: number;
  readonly action?: 'ACCEPT' | 'REJECT';
  readonly protocol?: number;
  readonly face?: string;
}

/** Something by the clock, for so many hours. */
export function every(
  seconds: number,
  make: (at: number, turn: number) => readonly Line[],
  hours = HOURS,
): readonly Line[] {
  const turns = Math.floor((hours * 3600) / seconds);
  return Array.from({ length: turns }, (_, turn) => make(turn * seconds, turn)).flat();
}

interface HandMadeLogs {
  /** The investigation of these flows, with some traffic of every five minutes beside, so that all of so many hours have logs. */
  knocksOn(lines: readonly Line[], hours?: number): Promise<Knocks>;
  /** The same; `without`: hours, from the beginning, of which there are no logs but those lines. */
  withService<T>(
    lines: readonly Line[],
    use: (service: LocalService) => Promise<T>,
    hours?: number | { readonly hours: number; readonly without: readonly number[] },
  ): Promise<T>;
  /** The same for a store. */
  withStore<T>(
    lines: readonly Line[],
    use: (store: DuckDbStore) => Promise<T>,
    hours?: number | { readonly hours: number; readonly without: readonly number[] },
  ): Promise<T>;
}

/** Stores of hand-made logs, in a folder that a test file's end takes away. */
export function useHandMadeLogs(): HandMadeLogs {
  const folder = useTempFolder();
  const withStore: HandMadeLogs['withStore'] = (lines, use, span = HOURS) => {
    const { hours, without } = typeof span === 'number' ? { hours: span, without: [] } : span;
    const usual = every(300, (at) => [{ at, from: '10.0.0.9', to: '10.0.0.8', sport: 50_000, dport: 9092, packets: 90, bytes: 90_000, action: 'ACCEPT' as const, face: 'eni-usual' }], hours).filter(({ at }) => !without.includes(Math.floor(at / 3600))); // prettier-ignore
    const text = [...usual, ...lines].map((line) => {
      const { at, from, to, sport, dport, packets = 1, bytes = 60, lasts = 0, action = 'REJECT', protocol = 6, face = 'eni-1' } = line; // prettier-ignore
      return `2 123456789012 ${face} ${from} ${to} ${sport} ${dport} ${protocol} ${packets} ${bytes} ${START + at} ${START + at + lasts} ${action} OK`;
    });
    return withLoggedStore(folder.path, [`${text.join('\n')}\n`], use);
  };
  const withService: HandMadeLogs['withService'] = (lines, use, span) =>
    withStore(lines, (store) => use(new LocalService(store)), span);
  return {
    withService,
    withStore,
    knocksOn: (lines, hours = HOURS) => withService(lines, (service) => service.knocks(null), hours),
  };
}
