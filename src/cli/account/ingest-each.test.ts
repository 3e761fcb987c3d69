import { expect, test } from 'vitest';
import { addReports, emptyReport } from '../../model/add-reports.ts';
import { PeepholeError } from '../../model/errors.ts';
import { ingestEach } from './ingest-each.ts';

const read = addReports(emptyReport(), { ...emptyReport(), inputs: 1, flows: 5 });
const source = (name: string) => ({ name, options: {} });

test('a source that refuses access is reported, and the others are read', async () => {
  const report = await ingestEach(
    [source('s3://a'), source('s3://b'), source('s3://c')],
    async ({ name }) => {
      if (name === 's3://b') throw new PeepholeError('source_refused', 'no permission');
      return read;
    },
  );
  expect(report).toMatchObject({ inputs: 3, flows: 10, failed_inputs: 1 });
  expect(report.failures).toEqual([{ input: 's3://b', code: 'source_refused', reason: 'no permission' }]);
});

test('it is an error if all sources refuse access, or if anything else fails', async () => {
  const refusing = async (): Promise<typeof read> => {
    throw new PeepholeError('source_refused', 'no permission');
  };
  await expect(ingestEach([source('s3://a'), source('s3://b')], refusing)).rejects.toThrow('no permission');
  const full = async ({ name }: { readonly name: string }): Promise<typeof read> => {
    if (name === 's3://a') throw new PeepholeError('disk_full', 'full');
    return read;
  };
  await expect(ingestEach([source('s3://a'), source('s3://b')], full)).rejects.toThrow('full');
});

test('a source with nothing in it yet is told, and is no failure', async () => {
  const report = await ingestEach([source('s3://a'), source('s3://b')], async ({ name }) => {
    if (name === 's3://a') throw new PeepholeError('source_refused', 'Nothing is in it.', { empty: true });
    return read;
  });
  expect(report).toMatchObject({ flows: 5, failed_inputs: 0, warnings: ['Nothing is in it.'] });
});
