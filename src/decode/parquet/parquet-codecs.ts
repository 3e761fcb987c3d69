import { gunzipSync } from 'node:zlib';
import { compressors as packed } from 'hyparquet-compressors';

type Codec = (input: Uint8Array, length: number) => Uint8Array;

/** Pages are a megabyte or so; one that claims to be larger than this could take all memory. */
const MAX_PAGE_BYTES = 268_435_456;

/** The codecs of Parquet, each with a bound. zlib's own gzip is several times faster than one in JavaScript. */
export const codecs: Readonly<Record<string, Codec>> = {
  ...Object.fromEntries(Object.entries(packed).map(([name, codec]) => [name, bounded(codec)])),
  GZIP: bounded((input, length) => gunzipSync(input, { maxOutputLength: Math.max(1, length) })),
};

function bounded(codec: Codec): Codec {
  return (input, length) => {
    if (length > MAX_PAGE_BYTES) throw new Error(`a page of ${length} bytes`);
    return codec(input, length);
  };
}
