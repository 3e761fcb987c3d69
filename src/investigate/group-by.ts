/** Items by a key of theirs; keys and items in the order in which they come. */
export function groupBy<Item, GroupKey>(
  items: readonly Item[],
  keyOf: (item: Item) => GroupKey,
): ReadonlyMap<GroupKey, readonly Item[]> {
  const groups = new Map<GroupKey, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
