import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fakeBucket } from './fake-bucket.ts';
import { mayHold, type Bounds } from './key-layout.ts';
import { listObjects, type NewestDays } from './list-objects.ts';
import type { S3Object } from './s3-bucket.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const BEGIN = Date.UTC(2018, 1, 25);
const { signal } = new AbortController();

interface Place {
  readonly prefix: string;
  readonly account: string;
  readonly region: string;
  readonly hive: boolean;
  readonly hourly: boolean;
}

/** The key of an object as AWS delivers it, in the folder of its day or of the day before. */
function keyOf({ prefix, account, region, hive, hourly }: Place, time: number, late = 0): string {
  const stamp = new Date(time).toISOString().slice(0, 16).replaceAll(/[-:]/g, '');
  const [y = '', m = '', d = '', h = ''] = new Date(time - late).toISOString().split(/[-T:]/);
  const folders = hive
    ? `aws-account-id=${account}/aws-service=vpcflowlogs/aws-region=${region}/year=${y}/month=${m}/day=${d}/${hourly ? `hour=${h}/` : ''}`
    : `${account}/vpcflowlogs/${region}/${y}/${m}/${d}/${hourly ? `${h}/` : ''}`;
  return `${prefix}AWSLogs/${folders}${account}_vpcflowlogs_${region}_fl-1_${stamp}Z_0a1b.log.gz`;
}

const object = (key: string, lastModified = BEGIN + 400 * DAY): S3Object => ({
  key,
  size: 10,
  etag: `e-${key}`,
  lastModified,
  archived: false,
});

const places = fc.record({
  prefix: fc.constantFrom('', 'logs/', 'a b/c/'),
  account: fc.constantFrom('111111111111', '222222222222'),
  region: fc.constantFrom('us-east-1', 'eu-west-1'),
  hive: fc.boolean(),
  hourly: fc.boolean(),
});
const awsKeys = fc
  .record({ place: places, hours: fc.integer({ min: 0, max: 24 * 400 }), late: fc.constantFrom(0, HOUR) })
  .map(({ place, hours, late }) => keyOf(place, BEGIN + hours * HOUR, late));
const otherKeys = fc.constantFrom(
  'readme.txt',
  'logs/x.log',
  'logs/AWSLogs/notes.txt',
  'AWSLogs/111111111111/somethingelse/x_20180620T0005Z_y.log.gz',
  'AWSLogs/111111111111/vpcflowlogs/us-east-1/odd.log',
  'export/year=2018/a.log',
  'a/b/c/d/e/f/g.log',
);
const bounds: fc.Arbitrary<Bounds> = fc.record({
  from: fc.option(fc.integer({ min: 0, max: 24 * 400 }).map((hours) => BEGIN + hours * HOUR)),
  to: fc.option(fc.integer({ min: 0, max: 24 * 400 }).map((hours) => BEGIN + hours * HOUR)),
});

async function listed(
  objects: readonly S3Object[],
  prefix: string,
  range: Bounds,
  more: { readonly newest?: NewestDays; readonly recentDays?: number } = {},
) {
  const { bucket, asked } = fakeBucket(objects);
  const batches: (readonly S3Object[])[] = [];
  for await (const batch of listObjects({
    bucket,
    prefix,
    bounds: range,
    newest: more.newest ?? new Map<string, number>(),
    recentDays: more.recentDays ?? null,
    now: BEGIN + 400 * DAY,
    signal,
  }))
    batches.push(batch);
  return { keys: batches.flat().map(({ key }) => key), batches, asked };
}

describe('a listing', () => {
  test('gives exactly the objects below the prefix that may be in the time range, each once', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.oneof({ weight: 5, arbitrary: awsKeys }, otherKeys), { maxLength: 40 }),
        fc.constantFrom(
          '',
          'logs/',
          'logs',
          'AWSLogs/1',
          'AWSLogs/111111111111/vpcflowlogs/us-east-1/2018/0',
        ),
        bounds,
        async (keys, prefix, range) => {
          const { keys: found } = await listed(
            keys.map((key) => object(key)),
            prefix,
            range,
          );
          const wanted = keys.filter(
            (key) => key.startsWith(prefix) && mayHold(key, BEGIN + 400 * DAY, range),
          );
          // With a range of days, objects without a date in AWS's folders may be left out.
          const odd = (key: string): boolean => key.endsWith('odd.log') && range.to !== null;
          expect(found.filter((key) => !odd(key)).toSorted()).toEqual(
            wanted.filter((key) => !odd(key)).toSorted(),
          );
        },
      ),
    );
  });

  const place: Place = {
    prefix: '',
    account: '111111111111',
    region: 'us-east-1',
    hive: false,
    hourly: false,
  };
  const years = Array.from({ length: 400 }, (_, day) => object(keyOf(place, BEGIN + day * DAY + HOUR)));

  test('requests only the days of the range', async () => {
    const range = { from: BEGIN + 200 * DAY, to: BEGIN + 201 * DAY };
    const { keys, asked } = await listed(years, '', range);
    expect(keys).toEqual([keyOf(place, BEGIN + 200 * DAY + HOUR)]);
    expect(asked.at(-1)?.after).toBe('AWSLogs/111111111111/vpcflowlogs/us-east-1/2018/09/12/');
  });

  test('goes day by day through all accounts and regions', async () => {
    const other = { ...place, account: '222222222222', hive: true };
    const objects = [...years, ...years.map((_, day) => object(keyOf(other, BEGIN + day * DAY)))];
    const { batches } = await listed(objects, '', { from: null, to: null });
    expect(batches).toHaveLength(400);
    expect(batches[7]?.map(({ key }) => key)).toEqual([
      keyOf(other, BEGIN + 7 * DAY),
      keyOf(place, BEGIN + 7 * DAY + HOUR),
    ]);
  });

  test('of recent days goes back from the newest day of each account and region, not from today', async () => {
    const newest: NewestDays = new Map();
    await listed(years, '', { from: null, to: null }, { newest });
    const late = object(keyOf(place, BEGIN + 398 * DAY + 2 * HOUR));
    const other = object(keyOf({ ...place, region: 'eu-west-1' }, BEGIN));
    const { keys } = await listed(
      [...years, late, other],
      '',
      { from: null, to: null },
      { newest, recentDays: 2 },
    );
    expect(keys.toSorted()).toEqual(
      [...years.slice(-3).map(({ key }) => key), late.key, other.key].toSorted(),
    );
  });

  test('of a complete key gives that object only', async () => {
    const { keys } = await listed([object('x/a.log'), object('x/a.log.gz')], 'x/a.log', {
      from: null,
      to: null,
    });
    expect(keys).toEqual(['x/a.log']);
  });

  test('skips folder markers and files of other AWS services', async () => {
    const { keys, asked } = await listed(
      [
        { ...object('AWSLogs/'), size: 0 },
        object('AWSLogs/111111111111/CloudTrail/us-east-1/2018/06/20/x.json.gz'),
        object('x.log'),
      ],
      '',
      { from: null, to: null },
    );
    expect(keys).toEqual(['x.log']);
    expect(asked.every(({ prefix }) => !prefix.includes('CloudTrail'))).toBe(true);
  });
});
