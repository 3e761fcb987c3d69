import { entryOf } from '../model/catalog/interface-services.ts';
import type { JudgeContext } from './judge-context.ts';

/** An address of ours, as a sentence names it. */
interface Named {
  readonly address: string;
  readonly name: string | null;
}

/**
 * What to look for where a machine of ours does something, as the object of `find out …`: `which process on web-1`, `what
 * behind nat-0123`. By what the inventory knew of its address at a moment, Unix seconds.
 */
export function doerAt(who: Named, at: number, { enrichment }: JudgeContext): string {
  const name = who.name ?? who.address;
  switch (entryOf(enrichment.ownAddress(who.address, null, at)?.service ?? null)) {
    case 'machine':
      return `which process on ${name}`;
    case 'task':
      return `which process in ${name}`;
    case 'load_balancer':
      return `which client of ${name}`;
    case 'managed':
      return `what in ${name}`;
    case 'none':
      return `what behind ${name}`;
  }
}

/** Where logins at an address are logged: a load balancer passes them on. */
export function loginLogOf(name: string, service: string | null): string {
  return entryOf(service) === 'load_balancer'
    ? `the login logs of the targets behind ${name}`
    : `the login log of ${name}`;
}
