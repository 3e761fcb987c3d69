import { queueLimits } from './call-queue.ts';
import type { QuestionLimits } from './question-runner.ts';

export interface LocalServiceOptions extends QuestionLimits {
  /** Bytes of the cache of answers. */
  readonly answerBytes: number;
}

/** How many times the limit of a query an investigation has: it is many statements, and shared by all who ask. */
export const INVESTIGATION_LIMITS = 10;

export const defaultOptions: LocalServiceOptions = {
  timeLimitMs: null,
  queue: queueLimits(Number(process.env['UV_THREADPOOL_SIZE'] ?? 4)),
  answerBytes: 100 * 1024 * 1024,
  processBytes: Infinity,
};
