// Packs the table of network operators (npm package @ip-location-db/asn) into dist/data/operators.bin.gz, which
// src/enrich/geo/operator-table.ts reads: the places where the operator changes, and the operators' names.
import { createReadStream, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { gzipSync } from 'node:zlib';

const folder = dirname(createRequire(import.meta.url).resolve('@ip-location-db/asn/package.json'));

export async function packOperators(target) {
  const operators = new Map();
  const four = await readRanges(join(folder, 'asn-ipv4-num.csv'), operators, 0n);
  const six = await readRanges(join(folder, 'asn-ipv6-num.csv'), operators, 64n);
  const list = [...operators.values()].toSorted((a, b) => a.place - b.place);
  const names = Buffer.from(list.map(({ name }) => name).join('\n'));
  const head = Uint32Array.of(0x5045_4f50, four.starts.length, six.starts.length, list.length);
  const parts = [
    head,
    Uint32Array.from(four.starts, Number),
    Uint32Array.from(four.places),
    Uint32Array.from(six.starts.flatMap((start) => [Number(start >> 32n), Number(start & 0xffff_ffffn)])),
    Uint32Array.from(six.places),
    Uint32Array.from(list, ({ number }) => number),
  ];
  const bytes = Buffer.concat([...parts.map((part) => Buffer.from(part.buffer)), names]);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, gzipSync(bytes, { level: 6 }));
}

/** Rows: first, last, number, name. Place 0 is nobody. IPv6 addresses are distinguished by their upper half. */
async function readRanges(file, operators, shift) {
  const starts = [];
  const places = [];
  let next = 0n;
  const add = (start, place) => {
    if (places.at(-1) === place) return;
    if (starts.at(-1) === start) {
      places[places.length - 1] = place;
      return;
    }
    starts.push(start);
    places.push(place);
  };
  for await (const line of createInterface({ input: createReadStream(file) })) {
    const match = /^(\d+),(\d+),(\d+),(.*)$/.exec(line);
    if (match === null) continue;
    const first = BigInt(match[1]) >> shift;
    const last = BigInt(match[2]) >> shift;
    if (first > next) add(next, 0);
    const known = operators.get(match[3]);
    const place = known?.place ?? operators.size + 1;
    if (known === undefined) {
      const name = match[4].replace(/^"(.*)"$/, '$1').replaceAll('""', '"');
      operators.set(match[3], { place, number: Number(match[3]), name });
    }
    if (first >= (starts.at(-1) ?? 0n)) add(first, place);
    next = last + 1n;
  }
  add(next, 0);
  return { starts, places };
}

if (process.argv[2] !== undefined) await packOperators(process.argv[2]);
