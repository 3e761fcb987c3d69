import type { Tile } from '../model/dashboard/dashboard.ts';
import type { Schema } from './schema.ts';
import { TIME, type View } from './view.ts';

/** What tells the same where a field is not logged: AWS's published ranges, once they are imported. */
const instead: Readonly<Record<string, string>> = {
  pkt_src_aws_service: 'src_cloud_service',
  pkt_dst_aws_service: 'dst_cloud_service',
};

/** The field that a list shows: its own, or what tells the same in logs without it. */
export function listedField(field: string, schema: Schema): string {
  const other = instead[field];
  if (other === undefined || schema.dimension(field).logged) return field;
  return schema.dimension(other).logged ? other : field;
}

/** Why a tile has nothing to show: its logs lack a field that it is split by; null: they have all. */
export function lackingFields(tile: Tile, { splits }: View, schema: Schema): string | null {
  const fields =
    tile.kind === 'list'
      ? [listedField(tile.field, schema)]
      : tile.kind === 'view'
        ? splits.map(({ field }) => field)
        : [];
  const lacking = fields.filter((field) => field !== TIME && !schema.dimension(field).logged);
  const [first] = lacking;
  if (first === undefined) return null;
  const names = lacking.map((field) => `“${schema.dimension(field).label}”`).join(' and ');
  const imported = instead[first] !== undefined || /_cloud/.test(first);
  const remedy = imported ? ' AWS’s published address ranges tell it too: peephole inventory import ip-ranges.json.' : ''; // prettier-ignore
  return `Nothing in these logs tells ${names}.${remedy}`;
}
