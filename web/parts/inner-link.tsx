import type { ReactNode } from 'react';
import { follow } from '../data/location.ts';

/** A link within the page; a normal link for the browser, so that it opens in another tab too. */
export function InnerLink(props: {
  readonly to: string;
  readonly className?: string;
  readonly title?: string | undefined;
  /** An accessible name, if its text is not enough. */
  readonly label?: string;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <a
      href={props.to}
      className={props.className}
      title={props.title}
      aria-label={props.label}
      onClick={follow}
    >
      {props.children}
    </a>
  );
}
