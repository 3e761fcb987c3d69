import { PeepholeError } from '../../model/errors.ts';
import type { KafkaAddress } from '../store-driver.ts';

/** One of our errors for what went wrong with Kafka. @param what was to be done, as a clause */
export function kafkaFailure({ brokers }: KafkaAddress, what: string, error: unknown): PeepholeError {
  return new PeepholeError(
    'engine_unreachable',
    `Kafka at ${brokers.join(', ')} did not ${what}: ${reasonOf(error)}.`,
    {},
    { cause: error },
  );
}

/** The client wraps what happened into how often it tried. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const inner = error instanceof AggregateError ? (error.errors.at(-1) as unknown) : error.cause;
  return inner instanceof Error ? reasonOf(inner) : error.message.replace(/\.$/, '');
}
