/** A number that a sentence tells, and what it says before and after it. */
export interface Figure {
  readonly text: string;
  readonly value: number;
  readonly kind: 'count' | 'duration' | 'percent' | 'bytes';
  /** Seconds of the unit that a duration is in, bytes of the one that an amount is in. */
  readonly unit: number;
}

const MOMENT =
  /\b\d{1,2} [A-Z][a-z]+ \d{4}( \d\d:\d\d)?( UTC)?|\b\d{4}-\d\d-\d\d(T[\d:]+Z)?|\b\d\d:\d\d( UTC)?\b/g;
const ADDRESS = /\b\d{1,3}(\.\d{1,3}){3}(\/\d+)?\b|\b(?=[0-9a-f]*:)[0-9a-f:]*::?[0-9a-f:]+\b/gi;
/** `port 80`, `ports 80, 443 and 22 (likely ssh)`: names, which the finding holds as `ports`. */
const PORTS = /\bports? (\d+( \([^)]*\))?(, | and | or )?)+(\d+ more\b)?/gi;
/** Names of interfaces, networks and services. */
const NAMES = /\beni-[0-9a-f]+|\(likely [^)]*\)|\bAS\d+\b|\bIPv[46]\b|protocol \d+/g;
const FIGURE = /(\d[\d,]*(?:\.\d+)?)( ?%| (?:second|minute|hour|day|week)s?\b| [kMGTP]?B\b)?/g;

const BYTES: Readonly<Record<string, number>> = { B: 1, kB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12, PB: 1e15 };
const UNITS: Readonly<Record<string, number>> = { second: 1, minute: 60, hour: 3600, day: 86_400, week: 604_800 }; // prettier-ignore

/** The figures of a sentence, without what only names something: addresses, ports, moments. */
export function figuresIn(sentence: string): readonly Figure[] {
  const plain = [MOMENT, ADDRESS, PORTS, NAMES].reduce((text, names) => text.replace(names, ' … '), sentence);
  return [...plain.matchAll(FIGURE)].map(([text, digits = '', after = '']) => {
    const word = after.trim().replace(/s$/, '');
    const unit = UNITS[word];
    const bytes = BYTES[word];
    return {
      text,
      value: Number(digits.replaceAll(',', '')),
      kind:
        unit !== undefined ? 'duration' : bytes !== undefined ? 'bytes' : word === '%' ? 'percent' : 'count',
      unit: unit ?? bytes ?? 1,
    };
  });
}
