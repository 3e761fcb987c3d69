import type { Field } from '../../model/catalog/field.ts';
import { fieldNamed } from '../../model/catalog/fields.ts';
import { awsName, isSumName, layoutOfKeys, stampName, tellsFlow } from '../field-names.ts';
import type { FlowEvidence } from '../kinds/flow-evidence.ts';
import { jsonKind } from '../kinds/json-kind.ts';
import { MAX_FIELDS } from '../field-layout.ts';
import type { PartBuilder } from '../part/part-builder.ts';
import { momentSeconds } from '../value/moment.ts';
import { tableValue } from '../value/table-value.ts';
import { valueText } from '../value/value-text.ts';
import { writeRecord } from '../value/write-record.ts';

const MAX_LAYOUTS = 256;
/** The reason for a value that is something else. */
export const NO_RECORD = 'there is no flow-log record in it';

/** Reads records that come as objects keyed by field names, and may have different fields each. */
export class KeyedRecords {
  readonly #builder: PartBuilder;
  /** By their keys: a layout, or why there is none. */
  readonly #layouts = new Map<string, KeyedLayout | string>();
  readonly #evidence: FlowEvidence;

  constructor(builder: PartBuilder, evidence: FlowEvidence) {
    this.#builder = builder;
    this.#evidence = evidence;
  }

  /** Reads an object. Returns what is wrong with it, or null. */
  write(object: Readonly<Record<string, unknown>>): string | null {
    this.#builder.makeRoom();
    const keys = Object.keys(object);
    const layout =
      keys.length > MAX_FIELDS
        ? `the record names ${keys.length} fields, more than the ${MAX_FIELDS} that a log may have`
        : this.#layout(keys);
    if (layout === NO_RECORD) this.#evidence.note(jsonKind(object));
    else this.#evidence.tell();
    return typeof layout === 'string' ? layout : this.#write(object, layout);
  }

  #write(
    object: Readonly<Record<string, unknown>>,
    { keys, names, fields, stamp }: KeyedLayout,
  ): string | null {
    const before = this.#builder.stamp;
    if (stamp !== null) this.#builder.stamp = momentSeconds(object[stamp]) ?? before;
    let reason: string | null;
    try {
      const values = keys.map((key, i) => tableValue(fields[i], valueText(object[key])));
      reason = writeRecord(this.#builder, this.#builder.use(names), values);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      reason = 'a value is nested too deep';
    }
    this.#builder.stamp = before;
    return reason;
  }

  #layout(keys: readonly string[]): KeyedLayout | string {
    const all = keys.join('\n');
    let layout = this.#layouts.get(all);
    if (layout === undefined) {
      layout = tellsFlow(keys) && !keys.some(isSumName) ? keyedLayout(keys) : NO_RECORD;
      if (this.#layouts.size >= MAX_LAYOUTS) this.#layouts.clear();
      this.#layouts.set(all, layout);
    }
    return layout;
  }
}

/** What the keys of an object mean. */
interface KeyedLayout {
  readonly keys: readonly string[];
  readonly names: readonly string[];
  readonly fields: readonly (Field | undefined)[];
  /** The key with the time of the event; null if there is none. */
  readonly stamp: string | null;
}

/** Keys like `@logStream` are CloudWatch's own, and a timestamp that is the record's time is not kept beside it. */
function keyedLayout(all: readonly string[]): KeyedLayout | string {
  const stamp = stampName(all);
  const hasStart = all.some((key) => awsName(key) === 'start');
  const keys = all.filter((key) => !key.startsWith('@') && (hasStart || key !== stamp));
  const layout = layoutOfKeys(keys);
  return typeof layout === 'string'
    ? layout
    : { keys, names: layout.names, fields: layout.names.map((name) => fieldNamed(name)), stamp };
}
