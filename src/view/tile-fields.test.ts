import { expect, test } from 'vitest';
import type { Tile } from '../model/dashboard/dashboard.ts';
import type { Schema } from './schema.ts';
import { lackingFields, listedField } from './tile-fields.ts';
import type { View } from './view.ts';

const schemaWith = (...logged: readonly string[]): Schema =>
  ({ dimension: (name: string) => ({ label: name, logged: logged.includes(name) }) }) as unknown as Schema;
const list = { kind: 'list', field: 'pkt_dst_aws_service' } as unknown as Tile;
const split = (...fields: readonly string[]): View =>
  ({ splits: fields.map((field) => ({ field })) }) as unknown as View;

test('AWS services come from the published ranges if the logs do not have them', () => {
  expect(listedField('pkt_dst_aws_service', schemaWith('pkt_dst_aws_service', 'dst_cloud_service'))).toBe(
    'pkt_dst_aws_service',
  );
  expect(listedField('pkt_dst_aws_service', schemaWith('dst_cloud_service'))).toBe('dst_cloud_service');
  expect(listedField('pkt_dst_aws_service', schemaWith())).toBe('pkt_dst_aws_service');
  expect(lackingFields(list, split(), schemaWith('dst_cloud_service'))).toBeNull();
});

test('a tile names the field that the logs lack', () => {
  expect(lackingFields(list, split(), schemaWith())).toContain('“pkt_dst_aws_service”. AWS’s published');
  const view = { kind: 'view' } as unknown as Tile;
  expect(lackingFields(view, split('time', 'az_id'), schemaWith())).toBe(
    'Nothing in these logs tells “az_id”.',
  );
  expect(lackingFields(view, split('srcaddr', 'time'), schemaWith('srcaddr'))).toBeNull();
});
