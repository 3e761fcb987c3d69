import type { Dialect } from '../dialect.ts';
import { kindOf, long } from './druid-select.ts';
import { START_SECOND, quote } from './druid-layout.ts';

/** How Druid writes what conditions on single rows say (`FlowNeed.only`, `FlowNeed.tests`). @param rest what says the rest, which is not used there */
export function druidRowWords(rest: Dialect): Dialect {
  return {
    ...rest,
    types: { ...rest.types, int: 'BIGINT', whole: 'BIGINT' },
    quote,
    noText: "''",
    closedText: (text) => `'${text.replaceAll("'", "''")}'`,
    bitAnd: (left, right) => `BITWISE_AND(${left}, ${right})`,
    isIpv6: (column) => `(${column} LIKE '%:%')`,
  };
}

/** A condition on a row `f` as one on Druid's columns. @param stored the columns that there are: others are null */
export function onDruidColumns(condition: string, stored: ReadonlySet<string>): string {
  return condition.replace(/\bf\.("?)(\w+)\1/g, (_, __, name: string) => {
    if (!stored.has(name)) return 'NULL';
    if (name === 'start') return START_SECOND;
    return kindOf(name) === 'number' ? long(name) : quote(name);
  });
}
