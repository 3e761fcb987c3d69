import { safeLines } from '../../src/model/safe-text.ts';

export type Props = Readonly<Record<string, unknown>>;

/** Attributes of HTML that are read as text. What fields hold stays as it is, or editing would change it. */
const READ = ['title', 'aria-label', 'placeholder', 'alt'];

/** Props whose texts are written out as `safeLines` does: children of everything, attributes of HTML. */
export function safeProps(type: unknown, props: Props): Props {
  let safe = props;
  const children = safeChildren(props['children']);
  if (children !== props['children']) safe = { ...safe, children };
  if (typeof type !== 'string') return safe;
  for (const name of READ) {
    const text = props[name];
    if (typeof text !== 'string') continue;
    const written = safeLines(text);
    if (written !== text) safe = { ...safe, [name]: written };
  }
  return safe;
}

/** The same children, where none of them has to change. */
function safeChildren(children: unknown): unknown {
  if (typeof children === 'string') return safeLines(children);
  if (!Array.isArray(children)) return children;
  let safe: unknown[] | null = null;
  for (const [at, child] of children.entries()) {
    const written = safeChildren(child);
    if (written !== child) (safe ??= [...(children as readonly unknown[])])[at] = written;
  }
  return safe ?? children;
}
