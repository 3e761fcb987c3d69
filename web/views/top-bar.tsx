import { type ReactNode, useState } from 'react';
import { useExplorer } from '../data/explorer-context.ts';
import { formatShort } from '../format/numbers.ts';
import { zoneName } from '../format/times.ts';
import { ZoneMenu } from '../menus/zone-menu.tsx';
import { Logo, moonIcon, sunIcon } from '../parts/icons.tsx';
import { Popup } from '../parts/popup.tsx';
import { useTheme } from '../theme/use-theme.ts';
import './top-bar.css';

export function TopBar(props: { readonly children?: ReactNode }): ReactNode {
  const { theme, toggle } = useTheme();
  const other = theme === 'dark' ? 'light' : 'dark';
  return (
    <header className="top">
      <a className="logo" href="/">
        <Logo />
        Peephole
      </a>
      <nav>
        <a className="tab" href="/" aria-current="page">
          Explore
        </a>
      </nav>
      <span className="grow" />
      {props.children}
      <button
        type="button"
        className="chip chip-icon"
        title={`Turn ${other}`}
        aria-label={`Turn ${other}`}
        onClick={toggle}
      >
        {theme === 'dark' ? sunIcon : moonIcon}
      </button>
    </header>
  );
}

/** How much there is, and the time zone that every time on the page is in. */
export function StoreAndZone(): ReactNode {
  const { schema, view } = useExplorer();
  const [open, setOpen] = useState(false);
  return (
    <>
      <span className="top-note">{formatShort(schema.flows, 'count')} flows</span>
      <Popup
        open={open}
        onOpenChange={setOpen}
        label="Time zone"
        width={300}
        align="end"
        trigger={
          <button type="button" className="chip" title={`Times are in ${view.timezone}`}>
            {zoneName(view.timezone)}
          </button>
        }
      >
        <ZoneMenu onClose={() => setOpen(false)} />
      </Popup>
    </>
  );
}
