/** What a result row is; the first column of each. */
export const rowKinds = { totals: -1, leaf: 0, other: 1, subtotal: 2, hidden: 3 } as const;
