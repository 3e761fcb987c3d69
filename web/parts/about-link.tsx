import type { ReactNode } from 'react';
import { type AboutThing, aboutPath } from '../state/about-url.ts';
import { pageIcon } from './icons.tsx';
import { InnerLink } from './inner-link.tsx';
import './about-link.css';

/** The way from a value to the page that tells all about it: a small icon beside what is itself a filter or text. */
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
