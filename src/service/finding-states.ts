import type { FlowStore } from '../engine/flow-store.ts';
import { identityOf } from '../investigate/life/finding-identity.ts';
import {
  changedRecord,
  recordChanged,
  recordSolvedByVisits,
  recordsOfKnown,
  type Clock,
} from '../investigate/life/records.ts';
import { recognize, type Recognized } from '../investigate/life/recognize-finding.ts';
import { keptFinding, stateOf, withStates } from '../investigate/life/state.ts';
import { PeepholeError } from '../model/errors.ts';
import { SOLVED_BY_VISITS, type FindingRecord } from '../model/knocks/finding-record.ts';
import type { KeptFinding } from '../model/knocks/kept-finding.ts';
import type { Finding, Knocks } from '../model/knocks/knocks.ts';
import type { StateChange } from '../model/knocks/parse-state-change.ts';
import type { Door, DoorConclusion } from '../model/visits/door.ts';

/** How many findings are cached, so that changing one that was just shown needs no new investigation. */
const MOST_REMEMBERED = 2000;

/** The states of findings: kept in the store, and changed one after the other. */
export class FindingStates {
  readonly #store: FlowStore;
  readonly #now: () => number;
  /** The findings of the last answer. */
  readonly #shown = new Map<string, Finding>();

  /** @param now the clock, in Unix milliseconds */
  constructor(store: FlowStore, now: () => number = Date.now) {
    this.#store = store;
    this.#now = now;
  }

  /** An investigation's answer with the states of its findings, under the ids that they have in all runs. */
  async withStates(knocks: Knocks<Finding>): Promise<Knocks> {
    const findings = withStates(knocks.findings, await this.#store.findings.all(), this.#seconds());
    findings.forEach(({ id }, at) => this.#remember(id, knocks.findings[at]!));
    return { ...knocks, findings };
  }

  /** All stored states, whether a finding still exists or not. */
  async kept(): Promise<readonly KeptFinding[]> {
    const now = this.#seconds();
    return (await this.#store.findings.all()).map((record) => keptFinding(record, now));
  }

  /**
   * Sets the state of a finding. `investigated` is called if this process has not shown it.
   * Throws `not_found` if there is none with that id, and `read_only`.
   */
  async set(
    id: string,
    change: StateChange,
    investigated: () => Promise<Knocks<Finding>>,
  ): Promise<KeptFinding> {
    this.#checkWritable();
    const remembered = this.#shown.get(id);
    const findings = remembered === undefined ? (await investigated()).findings : [remembered];
    const clock = await this.#clock();
    const {
      changed: [record],
    } = await this.#store.findings.change((records) => ({
      changed: [changeOf(id, findings, records, change, clock)],
      forgotten: [],
    }));
    return keptFinding(record!, clock.now);
  }

  /** Records that these findings of an investigation were reported: they are no longer new. */
  async markKnown(knocks: Knocks<Finding>, ids: readonly string[]): Promise<void> {
    this.#checkWritable();
    const given = new Set(ids);
    const shown = new Set(knocks.findings.map((finding) => identityOf(finding).exact));
    // Findings that were shown a moment ago, but are not in the answer any more since flows arrived meanwhile.
    const others = ids.flatMap((id) => {
      const finding = this.#shown.get(id);
      return finding === undefined || shown.has(identityOf(finding).exact) ? [] : [finding];
    });
    await this.#store.findings.change((records) =>
      recordsOfKnown([...knocks.findings, ...others], given, records, this.#seconds()),
    );
  }

  /**
   * Records which findings visits have solved, with the evidence as their note, and adds the state of each finding to the
   * answer. A finding with a decision of a user stays as it is, and a reopened one stays open.
   */
  async solveByVisits(door: Door): Promise<Door> {
    const about = door.conclusions.flatMap((conclusion) => {
      const finding = this.#shown.get(conclusion.finding?.id ?? '');
      return finding === undefined ? [] : [{ conclusion, finding }];
    });
    if (about.length === 0) return door;
    const solved = about.filter(({ conclusion }) => conclusion.state === 'solved');
    const due = (records: readonly FindingRecord[]): readonly FindingRecord[] => {
      const recognized = recognize(
        solved.map(({ finding }) => finding),
        records,
      );
      return recognized.flatMap((one, at) => {
        const record = recordSolvedByVisits(one, evidenceOf(solved[at]!.conclusion), this.#seconds());
        return record === null ? [] : [record];
      });
    };
    let records = await this.#store.findings.all();
    // The page requests this every other second: write only once.
    if (!this.#store.readOnly && due(records).length > 0) {
      await this.#store.findings.change((current) => ({ changed: due(current), forgotten: [] }));
      records = await this.#store.findings.all();
    }
    const recognized = recognize(
      about.map(({ finding }) => finding),
      records,
    );
    const states = new Map(recognized.map((one, at) => [about[at]!.conclusion, one] as const));
    return {
      ...door,
      conclusions: door.conclusions.map((conclusion) => {
        const one = states.get(conclusion);
        return one === undefined ? conclusion : withState(conclusion, one, this.#seconds());
      }),
    };
  }

  #remember(id: string, finding: Finding): void {
    this.#shown.delete(id);
    this.#shown.set(id, finding);
    const [oldest] = this.#shown.keys();
    if (this.#shown.size > MOST_REMEMBERED && oldest !== undefined) this.#shown.delete(oldest);
  }

  #checkWritable(): void {
    if (!this.#store.readOnly) return;
    throw new PeepholeError(
      'read_only',
      `The store in ${this.#store.folder} can only be read here, so states of findings can't be changed: its folder or its file may not be written.`,
    );
  }

  async #clock(): Promise<Clock> {
    return { now: this.#seconds(), newest: (await this.#store.flowRange())?.newest ?? 0 };
  }

  #seconds(): number {
    return Math.floor(this.#now() / 1000);
  }
}

/** A conclusion with the state of its finding. */
function withState(conclusion: DoorConclusion, one: Recognized, now: number): DoorConclusion {
  const { state, state_info: info } = stateOf(one, now);
  const finding = conclusion.finding === null ? null : { ...conclusion.finding, state };
  const isReopened = state !== 'solved' && one.record?.quiet_from === SOLVED_BY_VISITS;
  if (conclusion.state !== 'solved' || !isReopened) return { ...conclusion, finding };
  return {
    ...conclusion,
    finding,
    state: 'open',
    missing: [
      ...conclusion.missing,
      `Visits solved it, and somebody reopened it${info.since === null ? '' : ` at ${info.since}`}: it stays open until somebody solves it.`,
    ],
    next_step: `Look at what speaks against the evidence, and then mark it: \`peephole findings solve ${one.id}\`.`,
  };
}

/** The evidence that it is solved, as a note. */
function evidenceOf({ target, summary, evidence: [first] }: DoorConclusion): string {
  const visits = first === undefined ? '' : ` ${first.text} Visits: ${first.visits.join(', ')}.`;
  return `Solved by visits to port ${target.port}. ${summary}${visits}`;
}

function changeOf(
  id: string,
  findings: readonly Finding[],
  records: readonly FindingRecord[],
  change: StateChange,
  clock: Clock,
): FindingRecord {
  const found = recognize(findings, records).find((one) => one.id === id);
  if (found !== undefined) return recordChanged(found, change, clock);
  const record = records.find((one) => one.id === id);
  if (record !== undefined) return changedRecord(record, change, clock);
  throw new PeepholeError(
    'not_found',
    `There is no finding ${JSON.stringify(id.slice(0, 100))} in ${change.time === null ? 'all data' : 'that time'}: peephole knocks lists them with their ids. One that shorter ranges tell needs the same range here.`,
  );
}
