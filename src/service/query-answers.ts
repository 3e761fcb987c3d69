import type { Answer } from '../model/query/answer.ts';
import { formatQuery } from '../model/query/format-query.ts';
import type { Query } from '../model/query/query.ts';
import { AnswerCache } from './answer-cache.ts';
import type { SharedUrgency } from './shared-urgency.ts';
import { isPartOf, partOfAnswer, selectionOf } from './part-of-answer.ts';

/** A query, its selection of flows, and the revision of the store. */
interface Selecting {
  readonly query: Query;
  readonly selection: string;
}

/** Computes an answer. */
type Ask = (query: Query, signal: AbortSignal, urgency: SharedUrgency) => Promise<Answer>;

/**
 * Answers to queries, cached by revision of the store. Equal queries are computed once, and a query whose answer is
 * contained in another one is answered from that.
 */
export class QueryAnswers {
  readonly #cache: AnswerCache<Answer, Selecting>;

  /** @param mostCells the most values in the cache */
  constructor(mostCells: number) {
    this.#cache = new AnswerCache(({ rows, columns }) => rows.length * columns.length, mostCells);
  }

  /** The answer to a query in a state of the store (`revision`). Rejects with the signal's reason once it is aborted. */
  get(
    query: Query,
    revision: string,
    signal: AbortSignal,
    urgency: SharedUrgency,
    ask: Ask,
  ): Promise<Answer> {
    const key = `${revision} ${JSON.stringify(formatQuery(query))}`;
    const asked = { query, selection: `${revision} ${selectionOf(query)}` };
    const work = (shared: AbortSignal, asUrgent: SharedUrgency): Promise<Answer> =>
      this.#answer(asked, shared, asUrgent, ask);
    return this.#cache.get(key, asked, signal, work, urgency);
  }

  async #answer(asked: Selecting, signal: AbortSignal, urgency: SharedUrgency, ask: Ask): Promise<Answer> {
    const { query } = asked;
    const wider = this.#cache.find((other, done) => canBeReadOff(asked, other, done));
    if (wider === null) return ask(query, signal, urgency);
    const { key, question } = wider;
    try {
      const work = (shared: AbortSignal, asUrgent: SharedUrgency): Promise<Answer> =>
        ask(question.query, shared, asUrgent);
      const answer = await this.#cache.get(key, question, signal, work, urgency);
      return partOfAnswer(query, question.query, answer);
    } catch (error) {
      // An error of the other query (its time limit) must not fail this one.
      if (signal.aborted) throw error;
      return ask(query, signal, urgency);
    }
  }
}

/** Whether to take an answer from another one, which is finished (`done`) or pending. A quick query must not wait for a slow one. */
function canBeReadOff({ query, selection }: Selecting, other: Selecting, done: boolean): boolean {
  if (other.selection !== selection || !isPartOf(query, other.query)) return false;
  return done || query.splits.length === other.query.splits.length || other.query.splits.length <= 1;
}
