import { type JSX as ReactJsx, Fragment, jsx as element, jsxs as elements } from 'react/jsx-runtime';
import { type Props, safeProps } from './safe-props.ts';

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

/** What TSX of the page becomes: React's function, with texts that can't reorder what is around them. */
export function jsx(type: Parameters<typeof element>[0], props: Props, key?: string): ReactJsx.Element {
  return element(type, safeProps(type, props), key) as ReactJsx.Element;
}

/** The same for several children. */
export function jsxs(type: Parameters<typeof elements>[0], props: Props, key?: string): ReactJsx.Element {
  return elements(type, safeProps(type, props), key) as ReactJsx.Element;
}
