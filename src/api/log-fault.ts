import type { FastifyBaseLogger } from 'fastify';

/** Levels as pino numbers them, whose lines these are. */
const ERROR = 50;
const FATAL = 60;

/**
 * Has faults written to stderr, a line of JSON each, as Fastify's logger would. That one (pino, with what writes from a thread)
 * takes 6 % of the processor time until a server is ready, and nothing but faults is logged.
 * @param log the logger that Fastify has if it is told to log nothing; requests have the same
 */
export function logFaults(log: FastifyBaseLogger): void {
  log.error = (...args: readonly unknown[]) => write(ERROR, args);
  log.fatal = (...args: readonly unknown[]) => write(FATAL, args);
}

function write(level: number, args: readonly unknown[]): void {
  const [first, second] = args;
  const error = first instanceof Error ? first : errorIn(first);
  const text = [first, second].find((value) => typeof value === 'string');
  const line = {
    level,
    time: Date.now(),
    pid: process.pid,
    ...(error === null ? {} : { err: { type: error.name, message: error.message, stack: error.stack } }),
    msg: text ?? error?.message,
  };
  process.stderr.write(`${JSON.stringify(line)}\n`);
}

/** Fastify's own faults come as `{ err, req, res }`. */
function errorIn(value: unknown): Error | null {
  const { err } = typeof value === 'object' && value !== null ? (value as { err?: unknown }) : {};
  return err instanceof Error ? err : null;
}
