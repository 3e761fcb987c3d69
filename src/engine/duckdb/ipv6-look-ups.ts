import { isDerived } from '../../model/catalog/derived-field.ts';
import type { Answer } from '../../model/query/answer.ts';
import type { Query } from '../../model/query/query.ts';
import type { CompileContext } from '../../sql/compile-context.ts';
import { fieldOf } from '../../sql/plan/condition.ts';

/** Of more flows, asking twice takes longer than looking up the texts of addresses. */
const FEW_FLOWS = 500_000;

/**
 * Where small questions are asked without looking up the texts of IPv6 addresses, which takes a fifth of their time: by
 * addresses of a field whose last answer showed none. Without their texts IPv6 addresses come after those of IPv4 in
 * any order of equals, as with them, so an answer that shows none is the same.
 */
export class Ipv6LookUps {
  /** The fields whose last answer showed IPv6 addresses. */
  readonly #shown = new Set<string>();

  /** Whether a question may be asked without them first. */
  mayWait({ splits: [split, ...inner], other, subtotals }: Query, { flows = 0 }: CompileContext): boolean {
    if (split === undefined || inner.length > 0 || other || subtotals) return false;
    const field = fieldOf(split.field);
    const isAddress = field.type === 'address' && !isDerived(field);
    return isAddress && flows > 0 && flows <= FEW_FLOWS && !this.#shown.has(field.name);
  }

  /** Remembers what an answer showed. */
  note({ splits: [split, ...inner] }: Query, { rows }: Answer): void {
    if (split === undefined || inner.length > 0 || fieldOf(split.field).type !== 'address') return;
    const shown = rows.some(([address]) => typeof address === 'string' && address.includes(':'));
    if (shown) this.#shown.add(split.field);
    else this.#shown.delete(split.field);
  }
}
