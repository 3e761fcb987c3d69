import type { ReactNode } from 'react';
import { useExplorer } from '../data/explorer-context.ts';
import { formatRange, zoneName } from '../../src/view/format/times.ts';
import { ClauseText } from '../menus/clause-text.tsx';
import './embed-head.css';

/** What an embedded view is about, in one line, and the way to the explorer. */
export function EmbedHead(props: { readonly link: string }): ReactNode {
  const { view, range } = useExplorer();
  return (
    <header className="embed-head">
      <h1 className="visually-hidden">Peephole</h1>
      <span>
        {formatRange(range, view.timezone)} <span className="soft">{zoneName(view.timezone)}</span>
      </span>
      {view.filters.map((clause, index) => (
        // oxlint-disable-next-line no-array-index-key -- clauses have no other identity
        <span key={index} className="embed-clause">
          <ClauseText clause={clause} />
        </span>
      ))}
      <span className="grow" />
      <a className="link" href={props.link} target="_blank" rel="noopener">
        Open in Peephole
      </a>
    </header>
  );
}
