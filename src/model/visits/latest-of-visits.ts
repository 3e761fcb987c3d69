import { isUnkept, type VisitRecord } from './parse-visit.ts';

/** How the JSON of a visit ends, as `parseVisit` orders its fields, while no end of it is known. */
export const OPEN_AT_END = '"ended":"open"}';

/** Whether a line says all of what an earlier one of the same id does, and more: a visit's end, or that it sent more since. */
function supersedes(later: VisitRecord, earlier: VisitRecord): boolean {
  if (isUnkept(later) || isUnkept(earlier) || earlier.ended !== 'open') return false;
  return later.ended !== 'open' || later.bytes > earlier.bytes;
}

/** Each record once by its id, in the order that these first came: of an open visit the line that says most. */
export function latestOfVisits(records: readonly VisitRecord[]): readonly VisitRecord[] {
  const latest = new Map<string, VisitRecord>();
  for (const record of records) {
    const known = latest.get(record.id);
    if (known === undefined || supersedes(record, known)) latest.set(record.id, record);
  }
  return [...latest.values()];
}
