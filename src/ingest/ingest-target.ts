import type { SourceObject } from '../engine/source-register.ts';
import type { Input } from '../sources/input.ts';
import { objectOf } from './done-objects.ts';

/** What is ingested as one: an input, or a file in the archive that it is. */
export interface IngestTarget {
  readonly input: Input;
  readonly name: string;
  /** Not named by the user: something else than flow logs is skipped. */
  readonly discovered: boolean;
  /** Bytes of the file that is done with once this is; null for a file in an archive. */
  readonly fileBytes: number | null;
  /** The object at a source that is done with once this is; null: it is none, or only a part of one. */
  readonly object: SourceObject | null;
  /** The name of an ingested input of which this is a later state; null: there is none. */
  readonly laterThan: string | null;
}

/**
 * @param member the path of a file in the archive `input`; null: the input itself
 * @param changed names of inputs that were ingested in an earlier state
 */
export function targetOf(input: Input, member: string | null, changed: ReadonlySet<string>): IngestTarget {
  const name = member === null ? input.name : `${input.name}/${member}`;
  const laterThan = changed.has(input.name) ? name : null;
  return member === null
    ? {
        input,
        name,
        discovered: input.discovered,
        fileBytes: input.size ?? 0,
        object: objectOf(input),
        laterThan,
      }
    : { input, name, discovered: true, fileBytes: null, object: null, laterThan };
}
