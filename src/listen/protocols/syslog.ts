import type { Parser } from './recognized.ts';

const severities = ['emergency', 'alert', 'critical', 'error', 'warning', 'notice', 'info', 'debug'] as const;
const HIGHEST = 191;

/** Syslog by its priority (RFC 5424, RFC 3164), over TCP with a length before it or not (RFC 6587). */
export const parseSyslog: Parser = (bytes) => {
  const text = /^(?:[1-9]\d{0,5} )?<(\d{1,3})>/.exec(bytes.toString('latin1', 0, 16))?.[1];
  const priority = Number(text);
  if (text === undefined || priority > HIGHEST) return null;
  return {
    kind: 'syslog',
    details: { facility: String(priority >> 3), severity: severities[priority & 7] ?? '' },
  };
};
