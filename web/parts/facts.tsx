import type { ReactNode } from 'react';
import './facts.css';

/** A list of names and values. `big`: the values first, in large type. */
export function Facts(props: { readonly big?: boolean; readonly children: ReactNode }): ReactNode {
  return <dl className={props.big === true ? 'facts facts-big' : 'facts'}>{props.children}</dl>;
}

/** One of them. */
export function Fact(props: { readonly name: string; readonly children: ReactNode }): ReactNode {
  return (
    <div>
      <dt>{props.name}</dt>
      <dd>{props.children}</dd>
    </div>
  );
}
