import type { ReactNode } from 'react';
import { type AboutThing, aboutPath } from '../state/about-url.ts';
import { pageIcon } from './icons.tsx';
import { InnerLink } from './inner-link.tsx';
import './about-link.css';

/** A link from a value to the page about it: a small icon beside the value. */
export function AboutLink(props: { readonly thing: AboutThing }): ReactNode {
  const { kind, value } = props.thing;
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
