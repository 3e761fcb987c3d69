import { PeepholeError } from '../../model/errors.ts';
import { gunzip, isGzip } from './gunzip.ts';
import { peek, type Peeked } from './peek.ts';
import { isTar, isZip } from './archive-kind.ts';
import type { UnpackBudget } from './unpack-budget.ts';
import { unzstd } from './unzstd.ts';
import { isZstd } from './zstd-frames.ts';

/** Read ahead to tell forms apart, and to decompress small inputs at once. */
export const PEEK_BYTES = 262_144;
/** gzip in gzip in a zip archive in …: no real file has so many layers, compression and archives counted together. */
const MAX_LAYERS = 8;

/** What is below the layers of compression around something. */
export interface Unwrapped {
  readonly kind: 'zip' | 'tar' | 'content';
  readonly input: Peeked;
  /** How many layers were taken off. */
  readonly peeled: number;
}

/**
 * Takes off gzip and zstd, however often they are there.
 *
 * @throws PeepholeError `unreadable_input` if there are too many layers. Reading `input` may throw it too: what is
 * compressed may be cut short, or corrupt, or a bomb.
 */
export async function unwrap(
  bytes: AsyncIterable<Uint8Array>,
  budget: UnpackBudget,
  layersAbove: number,
): Promise<Unwrapped> {
  let input = await peek(bytes, PEEK_BYTES);
  for (let peeled = 0; ; peeled += 1) {
    const kind = kindOf(input.head);
    switch (kind) {
      case 'content':
        return { kind, input, peeled };
      case 'zip':
      case 'tar':
      case 'gzip':
      case 'zstd':
        if (layersAbove + peeled >= MAX_LAYERS) throw await tooManyLayers(input);
    }
    if (kind === 'zip' || kind === 'tar') return { kind, input, peeled };
    input = await peek(budget.unpacked(kind === 'gzip' ? gunzip(input) : unzstd(input.all)), PEEK_BYTES);
  }
}

function kindOf(head: Uint8Array): 'gzip' | 'zstd' | 'zip' | 'tar' | 'content' {
  if (isGzip(head)) return 'gzip';
  if (isZstd(head)) return 'zstd';
  if (isZip(head)) return 'zip';
  return isTar(head) ? 'tar' : 'content';
}

async function tooManyLayers(input: Peeked): Promise<PeepholeError> {
  await input.close();
  return new PeepholeError(
    'unreadable_input',
    `There are more than ${MAX_LAYERS} layers of compression and archives around each other. Unpack some of them first.`,
  );
}
