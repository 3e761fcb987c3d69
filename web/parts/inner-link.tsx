import type { ReactNode } from 'react';
import { follow } from '../data/location.ts';

/** A link to another state of the page: a plain one to the browser, so that it opens in another tab too. */
export function InnerLink(props: {
  readonly to: string;
  readonly className?: string;
  readonly title?: string | undefined;
  /** What it is called, where its text alone doesn't say. */
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
