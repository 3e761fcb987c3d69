/**
 * A record as plain values by catalog name; times are Unix seconds. One whose log_status is NODATA or
 * SKIPDATA holds no flow: it only says that its hour has logs.
 */
export type FlowObject = Readonly<Record<string, string | number | bigint | null>>;

export function isFlow(record: FlowObject): boolean {
  return record['log_status'] !== 'NODATA' && record['log_status'] !== 'SKIPDATA';
}
