/** Seconds from one event to the next, as exactly as they are said wherever they are: whole from ten on, else to a tenth. */
export function roundInterval(seconds: number): number {
  return seconds >= 10 ? Math.round(seconds) : Math.round(seconds * 10) / 10;
}

/** `20 s`, `5 min`, `5.2 min`, `1.5 h`; `space` stands between the number and the unit. */
export function intervalText(seconds: number, space = ' '): string {
  const { amount, unit } = partsOf(seconds);
  return `${amount}${space}${{ second: 's', minute: 'min', hour: 'h', day: 'd' }[unit]}`;
}

/** The same number in a sentence: `20 seconds`, `5.2 minutes`, `1 hour`. */
export function intervalWords(seconds: number): string {
  const { amount, unit } = partsOf(seconds);
  return `${amount} ${unit}${amount === '1' ? '' : 's'}`;
}

function partsOf(seconds: number): {
  readonly amount: string;
  readonly unit: 'second' | 'minute' | 'hour' | 'day';
} {
  const whole = roundInterval(seconds);
  const [size, unit] =
    whole < 120
      ? ([1, 'second'] as const)
      : whole < 7200
        ? ([60, 'minute'] as const)
        : whole < 3 * 86_400
          ? ([3600, 'hour'] as const)
          : ([86_400, 'day'] as const);
  return { amount: String(Math.round((whole / size) * 10) / 10), unit };
}

/** The middle of a list that is not empty; between the two middle ones of an even number. */
export function median(values: readonly number[]): number {
  // Numbers are sorted in a fifth of the time where nothing but numbers can be.
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? 0)
    : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}
