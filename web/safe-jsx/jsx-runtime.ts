import { type JSX as ReactJsx, Fragment, jsx as element, jsxs as elements } from 'react/jsx-runtime';
import { safeLines } from '../../src/model/safe-text.ts';

export { Fragment };

/** The types of React's elements, unchanged. */
export namespace JSX {
  export type Element = ReactJsx.Element;
  export type ElementType = ReactJsx.ElementType;
  export type ElementClass = ReactJsx.ElementClass;
  export type ElementAttributesProperty = ReactJsx.ElementAttributesProperty;
  export type ElementChildrenAttribute = ReactJsx.ElementChildrenAttribute;
  export type LibraryManagedAttributes<C, P> = ReactJsx.LibraryManagedAttributes<C, P>;
  export type IntrinsicAttributes = ReactJsx.IntrinsicAttributes;
  export type IntrinsicClassAttributes<T> = ReactJsx.IntrinsicClassAttributes<T>;
  export type IntrinsicElements = ReactJsx.IntrinsicElements;
}

type Props = Readonly<Record<string, unknown>>;

/** What TSX of the page becomes: React's function, with texts that can't reorder what is around them. */
export function jsx(type: Parameters<typeof element>[0], props: Props, key?: string): ReactJsx.Element {
  return element(type, safeProps(type, props), key) as ReactJsx.Element;
}

/** The same for several children. */
export function jsxs(type: Parameters<typeof elements>[0], props: Props, key?: string): ReactJsx.Element {
  return elements(type, safeProps(type, props), key) as ReactJsx.Element;
}

/** Attributes of HTML that are read as text. What fields hold stays as it is, or editing would change it. */
const READ = ['title', 'aria-label', 'placeholder', 'alt'];

/** Props whose texts are written out as `safeLines` does: children of everything, attributes of HTML. */
function safeProps(type: unknown, props: Props): Props {
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
  const safe: readonly unknown[] = children.map(safeChildren);
  return safe.some((child, at) => child !== children[at]) ? safe : children;
}
