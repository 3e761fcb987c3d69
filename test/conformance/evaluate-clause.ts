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
          return parsed(String(value)).toNormalizedString() === parsed(String(wanted)).toNormalizedString();
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
        const address = parsed(String(value));
        const [first = '', bits = block.includes(':') ? 128 : 32] = block.split('/');
        const network = parsed(first);
        return address.kind() === network.kind() && address.match(network, Number(bits));
      });
  }
}

/** By way of Node's URLs: the library takes `::1.2.3.4` for `::ffff:1.2.3.4`. */
function parsed(text: string): ipaddr.IPv4 | ipaddr.IPv6 {
  return ipaddr.parse(text.includes(':') ? new URL(`http://[${text}]`).hostname.slice(1, -1) : text);
}
