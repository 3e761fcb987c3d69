import type { FlowStore } from '../engine/flow-store.ts';
import type { KeptFinding } from '../model/knocks/kept-finding.ts';
import { parseKnocksSettings } from '../model/knocks/knocks-settings.ts';
import type { Finding, Knocks } from '../model/knocks/knocks.ts';
import { parseStateChange } from '../model/knocks/parse-state-change.ts';
import { parseQuery } from '../model/query/parse-query.ts';
import type { DoorPlan } from '../model/visits/door-plan.ts';
import type { Door } from '../model/visits/door.ts';
import { parseDoorRequest } from '../model/visits/parse-door.ts';
import { AnswerCache } from './answer-cache.ts';
import { DoorService } from './door-service.ts';
import type { EnrichmentService } from './enrichment-service.ts';
import { findKnocks } from './find-knocks.ts';
import { FindingStates } from './finding-states.ts';
import { INVESTIGATION_LIMITS } from './local-service-options.ts';
import { planDoor } from './plan-door.ts';
import type { QuestionRunner } from './question-runner.ts';
import type { CallOptions, KnocksOptions } from './store-service.ts';

/** How many times an investigation, and a plan for a listener, read the flows, for estimates of their time. */
const READS = { knocks: 20, plan: 1 };

/** Investigations, the states of their findings, and the visits to ports that were opened because of them. */
export class InvestigationService {
  readonly #store: FlowStore;
  readonly #questions: QuestionRunner;
  readonly #enrichment: EnrichmentService;
  readonly #cache: AnswerCache<Knocks<Finding>>;
  readonly #states: FindingStates;
  readonly #door: DoorService;

  /** @param cacheCells how large the cache of investigations may be, in values of an answer */
  constructor(
    store: FlowStore,
    questions: QuestionRunner,
    enrichment: EnrichmentService,
    cacheCells: number,
  ) {
    this.#store = store;
    this.#questions = questions;
    this.#enrichment = enrichment;
    this.#cache = new AnswerCache(({ findings }) => JSON.stringify(findings).length / 8, cacheCells);
    this.#states = new FindingStates(store);
    this.#door = new DoorService(store);
  }

  async knocks(time: unknown, options: KnocksOptions = {}): Promise<Knocks> {
    return this.#states.withStates(await this.#investigate(time, options));
  }

  findings(): Promise<readonly KeptFinding[]> {
    return this.#states.kept();
  }

  async setFindingState(id: string, json: unknown, settings?: unknown): Promise<KeptFinding> {
    const change = parseStateChange(json, Math.floor(Date.now() / 1000));
    return this.#states.set(id, change, () => this.#investigate(change.time, { settings }));
  }

  async markFindingsKnown(time: unknown, ids: readonly string[], settings?: unknown): Promise<void> {
    await this.#states.markKnown(await this.#investigate(time, { settings }), ids);
  }

  door(json: unknown, options: CallOptions = {}): Promise<Door> {
    return this.#questions.ask(
      options,
      async ({ deadline, client }) => {
        const request = parseDoorRequest(json);
        const { signal } = deadline;
        const { investigation, addresses, names } = await this.#enrichment.now();
        const own = names().filter(([address]) => addresses.isInside(address));
        const door = await this.#door.answer(request, { signal }, investigation, own, () =>
          this.knocks(null, { signal, client }),
        );
        return this.#states.solveByVisits(door);
      },
      INVESTIGATION_LIMITS,
    );
  }

  doorPlan(about: string, options: CallOptions = {}): Promise<DoorPlan> {
    return this.#questions.ask(
      options,
      async (context) => {
        const { signal } = context.deadline;
        const { client } = context;
        const { names } = await this.#enrichment.now();
        const findings = async (): Promise<readonly Finding[]> =>
          (await this.knocks(null, { signal, client })).findings;
        const guessMs = await this.#questions.guessMs(null, 'Etc/UTC', READS.plan);
        return this.#questions.inTurn(context, signal, guessMs, (running) =>
          planDoor(this.#store, about, findings, new Map(names()), running),
        );
      },
      INVESTIGATION_LIMITS,
    );
  }

  /** Ingests what listeners have written into the folder of the store. */
  takeVisits(): Promise<void> {
    return this.#door.takeNew();
  }

  /** Stops ingesting visits, after the current batch. */
  endVisits(): void {
    this.#door.end();
  }

  /** An investigation, without the states of its findings, which change although the flows are the same. */
  #investigate(time: unknown, options: KnocksOptions = {}): Promise<Knocks<Finding>> {
    return this.#questions.ask(
      options,
      async (context) => {
        const { investigation, addresses } = await this.#enrichment.now();
        const settings = parseKnocksSettings(options.settings);
        const query = parseQuery(time === null ? {} : { time });
        const guessMs = await this.#questions.guessMs(query.time, query.timezone, READS.knocks);
        const find = (signal: AbortSignal): Promise<Knocks<Finding>> =>
          this.#questions.inTurn(context, signal, guessMs, (running) =>
            findKnocks(this.#store, time, running, investigation, settings),
          );
        if (options.fresh === true) return find(context.deadline.signal);
        const key = `${this.#store.revision} ${addresses.revision} ${JSON.stringify([time, settings])}`;
        return this.#cache.get(key, null, context.deadline.signal, find);
      },
      INVESTIGATION_LIMITS,
    );
  }
}
