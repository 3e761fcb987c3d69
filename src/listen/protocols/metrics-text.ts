import { escapeLatin1 } from '../printable.ts';
import type { Parser } from './recognized.ts';

/** statsd by its first line: `name:1|c` (https://github.com/statsd/statsd/blob/master/docs/metric_types.md), DogStatsD's too. */
export const parseStatsd: Parser = (bytes) => {
  const line = /^([\w.\-/]{1,200}):[-+]?\d{1,20}(?:\.\d{1,20})?\|(?:c|g|ms|h|s|d|m)(?=[|\r\n]|$)/.exec(
    firstLine(bytes),
  );
  return line === null ? null : { kind: 'statsd', details: { metric: escapeLatin1(line[1] ?? '') } };
};

/** Graphite's plain text by its first line: `name value time`. */
export const parseGraphite: Parser = (bytes) => {
  const line =
    /^([\w.\-;=~]{1,300}) [-+]?\d{1,20}(?:\.\d{1,20})?(?:e[-+]?\d{1,3})? (?:-1|\d{9,13})(?:\.\d{1,6})?$/i.exec(
      firstLine(bytes),
    );
  return line === null ? null : { kind: 'graphite', details: { metric: escapeLatin1(line[1] ?? '') } };
};

function firstLine(bytes: Buffer): string {
  return /^[^\r\n]*/.exec(bytes.toString('latin1', 0, 512))?.[0] ?? '';
}
