import type { ReactElement } from 'react';
import { Fragment, jsxDEV as element } from 'react/jsx-dev-runtime';
import { type Props, safeProps } from './safe-props.ts';

export { Fragment };
export type { JSX } from './jsx-runtime.ts';

/** As `jsx` of `jsx-runtime.ts`, where TSX is not built for production, such as in tests. */
export function jsxDEV(
  type: Parameters<typeof element>[0],
  props: Props,
  key: string | undefined,
  isStatic: boolean,
): ReactElement {
  return element(type, safeProps(type, props), key, isStatic);
}
