import { layoutOfKeys, tellsFlow } from '../field-names.ts';
import type { Layout } from '../layout.ts';
import type { PartBuilder } from '../part/part-builder.ts';
import { valueText } from '../value/value-text.ts';
import { writeRecord } from '../value/write-record.ts';

const MAX_LAYOUTS = 256;
/** The reason for a value that is something else. */
export const NO_RECORD = 'there is no flow-log record in it';

/** Reads records that come as objects keyed by field names, and may have different fields each. */
export class KeyedRecords {
  readonly #builder: PartBuilder;
  /** By their keys: a layout, or why there is none. */
  readonly #layouts = new Map<string, Layout | string>();
  /** Objects that are no flow-log records at all. */
  foreign = 0;

  constructor(builder: PartBuilder) {
    this.#builder = builder;
  }

  write(object: Readonly<Record<string, unknown>>, line: number): void {
    this.#builder.makeRoom();
    const keys = Object.keys(object);
    const layout = this.#layout(keys);
    const reason =
      typeof layout === 'string'
        ? layout
        : writeRecord(
            this.#builder,
            this.#builder.use(layout.names),
            keys.map((key) => valueText(object[key])),
          );
    if (reason === NO_RECORD) this.foreign += 1;
    if (reason !== null) this.#builder.quarantine(line, reason, JSON.stringify(object));
  }

  #layout(keys: readonly string[]): Layout | string {
    const all = keys.join('\n');
    let layout = this.#layouts.get(all);
    if (layout === undefined) {
      layout = tellsFlow(keys) ? layoutOfKeys(keys) : NO_RECORD;
      if (this.#layouts.size >= MAX_LAYOUTS) this.#layouts.clear();
      this.#layouts.set(all, layout);
    }
    return layout;
  }
}
