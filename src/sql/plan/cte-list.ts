/** The common tables of a statement, in order. */
export interface CteList {
  add(name: string, select: string): string;
  has(name: string): boolean;
  readonly text: () => string;
}

export function createCteList(materialized: string): CteList {
  const made = new Map<string, string>();
  return {
    add(name, select) {
      made.set(name, select);
      return name;
    },
    has: (name) => made.has(name),
    text: () =>
      made.size === 0
        ? ''
        : `WITH ${[...made].map(([name, select]) => `${name} ${materialized} (\n  ${select}\n)`).join(',\n')}\n`,
  };
}
