import type { DocumentOriginal } from '../../src/model/document/document.ts';
import { indexOfName, type SavedView } from './saved-views.ts';

/** A view saved in the store. */
export interface KeptView extends SavedView {
  readonly id: string;
  readonly version: number;
  /** The view without changes that users saved; null: it would not exist. */
  readonly original: DocumentOriginal | null;
}

/** A unique id for a document of that name: its letters and digits, and a number if needed. */
export function documentIdOf(name: string, others: readonly { readonly id: string }[]): string {
  const readable = name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 48)
    .replaceAll(/^-+|-+$/g, '');
  const base = readable === '' ? 'view' : readable;
  for (let number = 1; ; number++) {
    const id = number === 1 ? base : `${base}-${number}`;
    if (others.every((other) => other.id !== id)) return id;
  }
}

/** The name itself if no view is called so, else with a number. */
export function freeName(name: string, views: readonly SavedView[]): string {
  for (let number = 1; ; number++) {
    const each = number === 1 ? name : `${name} (${number})`;
    if (indexOfName(views, each) < 0) return each;
  }
}

/** By name, whatever its case. */
export function sortViews(views: readonly KeptView[]): readonly KeptView[] {
  const names = new Intl.Collator('en', { numeric: true });
  return views.toSorted((a, b) => names.compare(a.name, b.name) || (a.id < b.id ? -1 : 1));
}
