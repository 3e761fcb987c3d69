import { queueLimits } from './call-queue.ts';
import type { QuestionLimits } from './question-runner.ts';

export interface LocalServiceOptions extends QuestionLimits {
  /** Bytes of the cache of answers. */
  readonly answerBytes: number;
}

export const defaultOptions: LocalServiceOptions = {
  timeLimitMs: null,
  queue: queueLimits(Number(process.env['UV_THREADPOOL_SIZE'] ?? 4)),
  answerBytes: 100 * 1024 * 1024,
  processBytes: Infinity,
};
