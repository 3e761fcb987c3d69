import type { ReactNode } from 'react';
import './state-text.css';

/** How something is doing; `idle`: it does nothing at the moment. */
export type StateTone = 'good' | 'busy' | 'bad' | 'idle';

/** The state of something in words, after a dot whose color tells the same. */
export function StateText(props: { readonly tone: StateTone; readonly children: ReactNode }): ReactNode {
  return <span className={`state-text state-${props.tone}`}>{props.children}</span>;
}
