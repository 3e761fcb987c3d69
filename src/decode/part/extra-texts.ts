const KEEP_TEXTS = 65_536;

/** The texts of `extra` for the fields of a layout that the catalog does not know. */
export class ExtraTexts {
  /** What tells layouts apart by these fields. */
  readonly key: string;
  readonly #names: readonly string[];
  readonly #known = new Map<string, string>();

  /** `names`: of the fields, in order. */
  constructor(names: readonly string[]) {
    this.#names = names;
    this.key = names.join(' ');
  }

  /** A JSON object of the values that are there, or '' for none. `values`: in order, with a line feed between them. */
  textOf(values: string): string {
    const known = this.#known.get(values);
    if (known !== undefined) return known;
    const parts = values.split('\n');
    const present = this.#names
      .map((name, i) => [name, parts[i]!] as const)
      .filter(([, value]) => value !== '-' && value !== '');
    const text = present.length === 0 ? '' : JSON.stringify(Object.fromEntries(present));
    if (this.#known.size >= KEEP_TEXTS) this.#known.clear();
    this.#known.set(values, text);
    return text;
  }
}
