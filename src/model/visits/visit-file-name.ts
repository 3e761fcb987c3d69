/** What the name of a file of visits says. */
export interface VisitFileName {
  /** The listener's own: 16 hexadecimal digits. */
  readonly listener: string;
  /** From 1, one more for each file of the listener. */
  readonly number: number;
}

const NAME = /^visits-([0-9a-f]{16})-([0-9]{6,12})\.jsonl$/;

/** How a listener names a file of visits. */
export function visitFileName({ listener, number }: VisitFileName): string {
  return `visits-${listener}-${String(number).padStart(6, '0')}.jsonl`;
}

/** Reads such a name; null: the file is none of a listener's. */
export function parseVisitFileName(name: string): VisitFileName | null {
  const [, listener, number] = NAME.exec(name) ?? [];
  return listener === undefined ? null : { listener, number: Number(number) };
}

/** Of names in a folder those of files that are complete: their listener has begun a later one. */
export function completeVisitFiles(names: readonly string[]): ReadonlySet<string> {
  const latest = new Map<string, number>();
  const files = names.flatMap((name) => {
    const file = parseVisitFileName(name);
    return file === null ? [] : [{ name, ...file }];
  });
  for (const { listener, number } of files) latest.set(listener, Math.max(number, latest.get(listener) ?? 0));
  return new Set(
    files.filter(({ listener, number }) => number < (latest.get(listener) ?? 0)).map(({ name }) => name),
  );
}
