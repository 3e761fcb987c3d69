import { countsTogether, databaseLabel } from '../model/databases.ts';
import type { StoredDocument } from '../model/document/document.ts';
import { type MeasureName, isMeasureName, measureNamed } from '../model/catalog/measure-expression.ts';
import type { SchemaDimension, StoreSchema, Stretch, Unsupported } from '../model/store-schema.ts';
import type { Span } from './time/buckets.ts';
import { type Coverage, withEdges } from './time/coverage.ts';
import type { Vocabulary } from './url.ts';
import type { StoreSpan } from './view-range.ts';
import { TIME } from './view.ts';

export type Dimension = Omit<SchemaDimension, 'aws'>;
type MeasureInfo = ReturnType<typeof measureNamed>;

/** A measure that somebody named for everybody who uses the store. */
interface NamedMeasure {
  readonly id: string;
  readonly version: number;
  readonly name: string;
  readonly measure: MeasureName;
}

/** The schema, ready for use. */
export interface Schema {
  readonly dimensions: readonly Dimension[];
  readonly measures: readonly MeasureInfo[];
  /** Measures that people named, by their names. */
  readonly named: readonly NamedMeasure[];
  readonly flows: number;
  /** Of them, those without any time: no chart over time has them. */
  readonly untimed: number;
  /** From the first flow to one second after the newest; null: the store is empty, or no flow has a time. */
  readonly span: StoreSpan | null;
  readonly coverage: Coverage;
  readonly revision: number;
  /** Whether nothing can be taken in. */
  readonly readOnly: boolean;
  /** The name of the database that answers, as people write it. */
  readonly engine: string;
  /** Whether that counts the values of many fields faster in one statement than one after the other. */
  readonly countsTogether: boolean;
  /** What that can't do, with the reason. */
  readonly unsupported: Unsupported;
  readonly timezone: string;
  dimension(name: string): Dimension;
  measure(name: MeasureName): MeasureInfo;
  readonly vocabulary: Vocabulary;
}

const time: Dimension = {
  name: TIME,
  label: 'Time',
  group: 'Traffic',
  type: 'time',
  unit: null,
  description: 'When the flow began',
  logged: true,
};

/** Makes the schema of its JSON. `dimension` and `measure` answer for any name, known or not. */
export function schemaOf(json: StoreSchema, documents: readonly StoredDocument<'measures'>[]): Schema {
  const byName = new Map([time, ...json.dimensions].map((each) => [each.name, each]));
  // `time` is the start; the other times are shown only.
  const dimensions = [...byName.values()].filter((each) => each.type !== 'time' || each.name === TIME);
  const measures = new Map<string, MeasureInfo>(json.measures.map((each) => [each.name, each]));
  const { from, to, newest } = json.store;
  const named = documents
    .flatMap(({ id, version, content: { name, measure } }) =>
      isMeasureName(measure) ? [{ id, version, name, measure }] : [],
    )
    .sort((a, b) => a.name.localeCompare(b.name));
  for (const { name: label, measure } of named)
    if (!measures.has(measure)) measures.set(measure, { ...measureNamed(measure), label });
  return {
    named,
    dimensions,
    measures: json.measures,
    flows: json.store.flows,
    untimed: json.store.untimed_flows,
    span:
      from === null || to === null
        ? null
        : { from: Date.parse(from), to: Date.parse(to), newest: Date.parse(newest ?? to) },
    coverage: coverageOf(json.store),
    revision: json.store.revision,
    readOnly: json.store.read_only,
    unsupported: json.store.unsupported,
    engine: databaseLabel(json.store.engine),
    countsTogether: countsTogether(json.store.engine),
    timezone: json.timezone,
    dimension: (name) =>
      byName.get(name) ?? {
        ...time,
        name,
        label: name,
        group: 'Record',
        type: 'text',
        description: '',
        logged: false,
      },
    measure: (name) => measures.get(name) ?? measureNamed(name),
    vocabulary: (name) => {
      const type = byName.get(name)?.type;
      if (type === undefined) return null;
      return type === 'text' || type === 'address' ? 'text' : 'other';
    },
  };
}

function coverageOf(store: StoreSchema['store']): Coverage {
  const [holes, lossy] = [store.gaps.map(spanOf), store.skipdata.map(spanOf)];
  if (store.from === null || store.to === null) return { gaps: holes, lossy, flows: null };
  return withEdges({ gaps: holes, lossy }, { from: Date.parse(store.from), to: Date.parse(store.to) });
}

function spanOf({ from, to }: Stretch): Span {
  return { from: Date.parse(from), to: Date.parse(to) };
}
