import ipaddr from 'ipaddr.js';
import { queryField } from '../../src/model/query/query-field.ts';
import type { Clause } from '../../src/model/query/query.ts';
import type { FlowObject } from './flow-object.ts';

/** The value that a query's field name means in a record; undefined counts as null. */
export function valueOf(record: FlowObject, field: string): string | number | bigint | null {
  return record[field === 'time' ? 'start' : field] ?? null;
}

/** Whether a record matches a clause: the rules of docs/query.md, one by one. */
export function matchesClause(record: FlowObject, clause: Clause): boolean {
  const value = valueOf(record, clause.field);
  const positive =
    value === null ? clause.kind === 'in' && clause.values.includes(null) : holds(value, clause);
  return positive !== clause.not;
}

function holds(value: string | number | bigint, clause: Clause): boolean {
  const type = queryField(clause.field)?.type;
  switch (clause.kind) {
    case 'in':
      return clause.values.some((wanted) => {
        if (wanted === null) return false;
        if (type === 'time') return Number(value) * 1000 === wanted;
        if (type === 'address') {
          return (
            ipaddr.parse(String(value)).toNormalizedString() ===
            ipaddr.parse(String(wanted)).toNormalizedString()
          );
        }
        return type === 'text' ? value === wanted : BigInt(value) === BigInt(wanted);
      });
    case 'between': {
      const number = type === 'time' ? Number(value) * 1000 : BigInt(value);
      return (clause.low === null || number >= clause.low) && (clause.high === null || number <= clause.high);
    }
    case 'ranges':
      return clause.ranges.some(({ from, to }) => Number(value) * 1000 >= from && Number(value) * 1000 < to);
    case 'contains':
      return String(value).toLowerCase().includes(clause.text.toLowerCase());
    case 'matches':
      return new RegExp(clause.pattern, 'u').test(String(value));
    case 'cidr':
      return clause.blocks.some((block) => {
        const address = ipaddr.parse(String(value));
        const [network, bits] = ipaddr.parseCIDR(
          block.includes('/') ? block : `${block}/${block.includes(':') ? 128 : 32}`,
        );
        return address.kind() === network.kind() && address.match(network, bits);
      });
  }
}
