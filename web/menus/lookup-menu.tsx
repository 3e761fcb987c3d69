import type { ReactNode } from 'react';
import { lookups } from '../data/lookup-storage.ts';
import { outsideIcon } from '../parts/icons.tsx';
import { linksFor } from '../state/lookups.ts';
import './lookup-menu.css';

/** Links to external sites about an address. The browser opens them in a new tab without a reference to this page. */
export function LookupMenu(props: {
  readonly addresses: readonly string[];
  readonly onSetUp: () => void;
}): ReactNode {
  const [all] = lookups.use();
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
            {links.length === 0 && <p className="hint">No lookup links for this address</p>}
          </section>
        );
      })}
      <button type="button" className="lookup-link lookup-set" onClick={props.onSetUp}>
        Change these links…
      </button>
    </div>
  );
}
