import type { ReactNode } from 'react';
import { useExplorer } from '../data/explorer-context.ts';
import { useLookups } from '../data/use-lookups.ts';
import { problemWords } from '../data/problem-words.ts';
import { outsideIcon } from '../parts/icons.tsx';
import { linksFor } from '../state/lookups.ts';
import './lookup-menu.css';

/** Links to external sites about an address. The browser opens them in a new tab without a reference to this page. */
export function LookupMenu(props: {
  readonly addresses: readonly string[];
  readonly onSetUp: () => void;
}): ReactNode {
  const { schema } = useExplorer();
  const { own, links: all, error } = useLookups(schema.readOnly);
  return (
    <div className="lookup-menu">
      {props.addresses.map((address) => {
        const links = linksFor(all, address);
        return (
          <section key={address} aria-label={address}>
            <h3 className="mono">{address}</h3>
            {links.map(({ name, url }) => (
              <a
                key={`${name} ${url}`}
                className="lookup-link"
                href={url}
                target="_blank"
                rel="noopener noreferrer"
                title={url}
              >
                <span className="ellipsis">{name}</span>
                {outsideIcon}
              </a>
            ))}
            {own !== null && links.length === 0 && <p className="hint">No lookup links for this address</p>}
            {error !== null && <p className="hint hint-bad">{problemWords(error)}</p>}
          </section>
        );
      })}
      <button type="button" className="lookup-link lookup-set" onClick={props.onSetUp}>
        Change these links…
      </button>
    </div>
  );
}
