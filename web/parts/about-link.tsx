import type { ReactNode } from 'react';
import { type AboutThing, aboutPath } from '../state/about-url.ts';
import { pageIcon } from './icons.tsx';
import { InnerLink } from './inner-link.tsx';
import './about-link.css';

/** A link from a value to the page about it: a small icon beside the value. */
export function AboutLink(props: {
  readonly thing: AboutThing;
  /** Whether it opens another tab. */
  readonly apart?: boolean;
}): ReactNode {
  const { kind, value } = props.thing;
  if (props.apart === true)
    return (
      <a
        href={aboutPath(props.thing)}
        target="_blank"
        rel="noopener"
        className="about-link"
        title={`All about ${value}, in another tab`}
        aria-label={`Open the page of ${kind} ${value} in another tab`}
      >
        {pageIcon}
      </a>
    );
  return (
    <InnerLink
      to={aboutPath(props.thing)}
      className="about-link"
      title={`All about ${value}`}
      label={`Open the page of ${kind} ${value}`}
    >
      {pageIcon}
    </InnerLink>
  );
}
