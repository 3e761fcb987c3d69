import type { FindingKind } from '../../src/model/knocks/finding-kinds.ts';
import type { Evidence, Finding } from '../../src/model/knocks/knocks.ts';
import { LocalService } from '../../src/service/local-service.ts';
import { withLoggedStore } from '../support/logged-store.ts';

/** Midnight of Wednesday, 10 January 2024 (UTC), Unix seconds. */
const START = Date.UTC(2024, 0, 10) / 1000;

/** A flow of a hand-made log; `at` and `lasts` in seconds from `START`. `more` are fields beyond version 2, by AWS's names. */
export interface Flow {
  readonly at: number;
  readonly from: string;
  readonly to: string;
  readonly sport?: number;
  readonly dport?: number;
  readonly packets?: number;
  readonly bytes?: number;
  readonly lasts?: number;
  readonly action?: 'ACCEPT' | 'REJECT';
  readonly protocol?: number;
  readonly face?: string;
  readonly more?: Readonly<Record<string, string | number>>;
}

/** Asks a store that holds these flows. With fields beyond version 2 the log has a header, and `-` where a flow has none. */
export async function withFlows<T>(
  folder: string,
  flows: readonly Flow[],
  use: (service: LocalService) => Promise<T>,
): Promise<T> {
  const named = new Set<string>();
  for (const flow of flows) for (const field in flow.more) named.add(field);
  const more = [...named];
  const header = 'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status'; // prettier-ignore
  const lines = flows.map((flow) => {
    const { at, from, to, sport = 40_000, dport = 443, packets = 10, bytes = 1000, lasts = 0, action = 'ACCEPT', protocol = 6, face = `eni-${from}` } = flow; // prettier-ignore
    const extra = more.map((field) => flow.more?.[field] ?? '-');
    return ['2 123456789012', face, from, to, sport, dport, protocol, packets, bytes, START + at, START + at + lasts, action, 'OK', ...extra].join(' '); // prettier-ignore
  });
  const text = `${[[header, ...more].join(' '), ...lines].join('\n')}\n`;
  return withLoggedStore(folder, [text], (store) => use(new LocalService(store)));
}

/** Finds what these flows hold, and hands the findings of one kind to `use`. */
export function withFindings(
  folder: string,
  flows: readonly Flow[],
  kind: FindingKind,
  use: (findings: readonly Finding[], service: LocalService) => Promise<void> | void,
): Promise<void> {
  return withFlows(folder, flows, async (service) => {
    const { findings } = await service.knocks(null);
    await use(
      findings.filter((finding) => finding.kind === kind),
      service,
    );
  });
}

/** Something for every so many seconds of some hours. */
export function every(
  seconds: number,
  hours: number,
  make: (at: number, turn: number) => readonly Flow[],
): readonly Flow[] {
  return Array.from({ length: Math.floor((hours * 3600) / seconds) }, (_, turn) =>
    make(turn * seconds, turn),
  ).flat();
}

/** Every query among the evidence, asked: each must be one that has an answer with rows. */
export async function emptyEvidence(
  evidence: readonly Evidence[],
  service: LocalService,
): Promise<readonly string[]> {
  const empty: string[] = [];
  for (const { text, query } of evidence) {
    if (query === null) continue;
    const { rows } = await service.query(query);
    if (rows.length === 0) empty.push(text);
  }
  return empty;
}
