import { PeepholeError } from '../model/errors.ts';
import type { DecodedPart } from '../model/record/decoded-part.ts';
import type { ArchiveMember } from './container/archive-member.ts';
import { binaryKind } from './container/binary-kind.ts';
import type { Peeked } from './container/peek.ts';
import { withRandomBytes, type RandomBytes } from './container/random-bytes.ts';
import { UnpackBudget } from './container/unpack-budget.ts';
import { PEEK_BYTES, unwrap } from './container/unwrap.ts';
import { decodeCsv } from './csv/decode-csv.ts';
import { tableOf } from './csv/table-of.ts';
import { plainText } from './encoding/plain-text.ts';
import { utf16Of } from './encoding/utf16.ts';
import { decodeJson, isJson } from './json/decode-json.ts';
import { notFlowLogs } from './kinds/flow-evidence.ts';
import { textKind } from './kinds/text-kind.ts';
import { decodeVisits, isVisits } from './visits/decode-visits.ts';
import type { Layout } from './field-layout.ts';
import { borrowBuilder, giveBackBuilder } from './part/idle-builders.ts';
import type { PartBuilder } from './part/part-builder.ts';
import { isParquet, parquetSource } from './parquet/parquet-source.ts';
import { decodeText } from './text/decode-text.ts';

/** Records in a part, by default: one DuckDB row group. */
export const BATCH_ROWS = 122_880;

export interface DecodeOptions {
  /** The layout of text without a header. A header in the text wins over it. */
  readonly format?: Layout;
  /** Records in a part at most; parts may have fewer. */
  readonly batchRows?: number;
}

/** An input: a file, or a file in an archive. */
export interface InputSource {
  /** Its bytes in order. They are left unread where `random` serves better. */
  readonly bytes: AsyncIterable<Uint8Array>;
  /** The same, where they can be read at random; null if they can't. */
  readonly random: RandomBytes | null;
  /** How many layers of archives and compression are around it. */
  readonly layers: number;
}

/** What is in an input. */
export type OpenedInput =
  | {
      readonly kind: 'records';
      /**
       * Decodes it: at least one part; a small input, even an empty one, gives exactly one. All arrays in a part are
       * its own, so that it can be transferred. Lines that are no records are in `quarantined`; records (lines that are
       * neither blank nor headers) = flows + nodata + skipdata + quarantined.
       *
       * @throws PeepholeError `unreadable_input` if the input as a whole can't be read, perhaps after
       * some parts: truncated or corrupt compression, or bytes in no known form (with `details.notFlowLogs`: it is
       * something else altogether). Errors of the source pass through.
       */
      parts(options: DecodeOptions): AsyncGenerator<DecodedPart>;
      /** Lets go of it, if it is not decoded. */
      close(): Promise<void>;
    }
  | {
      readonly kind: 'archive';
      /** The files in it, one after another; each is an input of its own. */
      readonly members: AsyncGenerator<ArchiveMember>;
      /** How many layers are around them. */
      readonly layers: number;
    };

/**
 * Looks into an input, distinguished by content: bytes in any of the forms that `docs/formats.md` lists, or an archive of
 * such, within any layers of compression.
 *
 * @throws PeepholeError `unreadable_input` if it can't be unpacked.
 */
export async function openInput(source: InputSource, budget: UnpackBudget): Promise<OpenedInput> {
  const { kind, input, peeled } = await unwrap(source.bytes, budget, source.layers);
  const random = peeled === 0 ? source.random : null;
  const layers = source.layers + peeled + 1;
  switch (kind) {
    case 'zip':
      return { kind: 'archive', members: zipArchive(input, random, budget), layers };
    case 'tar':
      return { kind: 'archive', members: tarArchive(input), layers };
    case 'content':
      return {
        kind: 'records',
        parts: (options) => decodeContent(input, random, options),
        close: input.close,
      };
  }
}

/** Decodes one input that is not an archive, from its bytes alone. */
export async function* decode(
  bytes: AsyncIterable<Uint8Array>,
  options: DecodeOptions = {},
): AsyncGenerator<DecodedPart> {
  const budget = new UnpackBudget();
  const opened = await openInput({ bytes: budget.packed(bytes), random: null, layers: 0 }, budget);
  if (opened.kind === 'archive') throw new Error('an archive is no single input');
  yield* opened.parts(options);
}

/** Loads what reads archives only for archives: a decoding thread is up sooner without it. */
async function* zipArchive(
  input: Peeked,
  random: RandomBytes | null,
  budget: UnpackBudget,
): AsyncGenerator<ArchiveMember> {
  const { zipMembers } = await import('./container/zip-members.ts');
  const members =
    random === null ? withRandomBytes(input.all, zipMembers) : withoutStream(input, zipMembers(random));
  for await (const { name, size, bytes } of members) yield { name, size, bytes: budget.unpacked(bytes) };
}

async function* tarArchive(input: Peeked): AsyncGenerator<ArchiveMember> {
  const { tarMembers } = await import('./container/tar-members.ts');
  yield* tarMembers(input.all);
}

async function* decodeContent(
  input: Peeked,
  random: RandomBytes | null,
  options: DecodeOptions,
): AsyncGenerator<DecodedPart> {
  const builder = borrowBuilder(options.batchRows ?? BATCH_ROWS);
  try {
    let parts = 0;
    for await (const part of contentParts(input, random, builder, options.format)) {
      parts += 1;
      yield part;
    }
    if (parts === 0 || !builder.empty) yield builder.finish();
  } finally {
    giveBackBuilder(builder);
    await input.close();
  }
}

async function* contentParts(
  input: Peeked,
  random: RandomBytes | null,
  builder: PartBuilder,
  format: Layout | undefined,
): AsyncGenerator<DecodedPart> {
  if (isParquet(input.head)) {
    // Loaded only for Parquet, as the readers of archives are for those.
    const { decodeParquet } = await import('./parquet/decode-parquet.ts');
    const decoded = (bytes: RandomBytes): AsyncGenerator<DecodedPart> =>
      decodeParquet(parquetSource(bytes), builder);
    yield* random === null ? withRandomBytes(input.all, decoded) : withoutStream(input, decoded(random));
  } else {
    refuseBinary(input.head);
    yield* decodePlain(await plainText(input, PEEK_BYTES), builder, format);
  }
}

/** Lets go of a stream of what is read at random instead. */
async function* withoutStream<T>(input: Peeked, items: AsyncIterable<T>): AsyncGenerator<T> {
  await input.close();
  yield* items;
}

function refuseBinary(head: Uint8Array): void {
  const binary = utf16Of(head) === null ? binaryKind(head) : null;
  if (binary === null) return;
  if (binary.isOther) throw notFlowLogs(binary.kind);
  throw new PeepholeError('unreadable_input', `This is ${binary.kind}. ${binary.advice}`);
}

function decodePlain(
  input: Peeked,
  builder: PartBuilder,
  format: Layout | undefined,
): AsyncIterable<DecodedPart> {
  if (isVisits(input.head)) return decodeVisits(input.all, builder);
  if (isJson(input.head)) return decodeJson(input.head, input.all, builder, format);
  const table = tableOf(input.head);
  if (table !== null) return decodeCsv(table, input.all, builder, format);
  const kind = format === undefined ? textKind(input.head, input.ended) : null;
  if (kind !== null) throw notFlowLogs(kind);
  return decodeText(input.head, input.all, builder, format);
}
