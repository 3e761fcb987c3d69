import { type ReactNode, useState } from 'react';
import { useExplorer } from '../data/explorer-context.ts';
import { formatShort } from '../format/numbers.ts';
import { zoneName } from '../format/times.ts';
import { RefreshMenu } from '../menus/refresh-menu.tsx';
import { ViewsMenu } from '../menus/views-menu.tsx';
import { ZoneMenu } from '../menus/zone-menu.tsx';
import { Logo, leftPanelIcon, moonIcon, rightPanelIcon, sunIcon } from '../parts/icons.tsx';
import type { Panel, Panels, Side } from '../parts/panels.ts';
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
export function StoreAndZone(props: {
  readonly panels: Panels;
  readonly onPanel: (side: Side, part: Partial<Panel>) => void;
  readonly onHelp: () => void;
  readonly onRefresh: () => void;
}): ReactNode {
  const { schema, view, menu, setMenu } = useExplorer();
  const [open, setOpen] = useState(false);
  return (
    <>
      <span className="top-note">{formatShort(schema.flows, 'count')} flows</span>
      <Popup
        open={menu === 'views'}
        onOpenChange={(open) => setMenu(open ? 'views' : null)}
        label="Saved views"
        width={320}
        align="end"
        trigger={
          <button type="button" className="chip" title="Saved views (v)">
            Views
          </button>
        }
      >
        <ViewsMenu onClose={() => setMenu(null)} />
      </Popup>
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
      <RefreshMenu onNow={props.onRefresh} />
      <PanelToggle side="left" name="dimensions" {...props} />
      <PanelToggle side="right" name="pinboard" {...props} />
      <button
        type="button"
        className="chip chip-icon"
        title="Keys and gestures (?)"
        aria-label="Keys and gestures"
        onClick={props.onHelp}
      >
        ?
      </button>
    </>
  );
}

function PanelToggle(props: {
  readonly side: Side;
  readonly name: string;
  readonly panels: Panels;
  readonly onPanel: (side: Side, part: Partial<Panel>) => void;
}): ReactNode {
  const { open } = props.panels[props.side];
  const label = `${open ? 'Hide' : 'Show'} the ${props.name}`;
  return (
    <button
      type="button"
      className="chip chip-icon"
      title={label}
      aria-label={label}
      aria-expanded={open}
      onClick={() => props.onPanel(props.side, { open: !open })}
    >
      {props.side === 'left' ? leftPanelIcon : rightPanelIcon}
    </button>
  );
}
