import type { Answer } from '../model/query/answer.ts';
import { formatQuery } from '../model/query/format-query.ts';
import type { Query } from '../model/query/query.ts';
import { AnswerCache } from './answer-cache.ts';
import type { SharedUrgency } from './shared-urgency.ts';
import { isPartOf, partOfAnswer, selectionOf } from './part-of-answer.ts';

/** A query, and which flows it is about, in which state of the store. */
interface Selecting {
  readonly query: Query;
  readonly selection: string;
}

/** Works a query out. */
type Ask = (query: Query, signal: AbortSignal, urgency: SharedUrgency) => Promise<Answer>;

/**
 * Answers to queries, remembered by the state of the store. What is asked by two is worked out once, and what is a part
 * of another's answer is read off that.
 */
export class QueryAnswers {
  readonly #cache: AnswerCache<Answer, Selecting>;

  /** @param mostCells how many values of answers are kept */
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
      // The other's troubles (its time limit) are not this one's.
      if (signal.aborted) throw error;
      return ask(query, signal, urgency);
    }
  }
}

/** Whether an answer is read off another's, which is there (`done`) or on its way. What is quick to ask must not wait for what is slow. */
function canBeReadOff({ query, selection }: Selecting, other: Selecting, done: boolean): boolean {
  if (other.selection !== selection || !isPartOf(query, other.query)) return false;
  return done || query.splits.length === other.query.splits.length || other.query.splits.length <= 1;
}
