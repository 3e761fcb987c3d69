import { type ReactNode, useState } from 'react';
import { useExplorer } from '../data/explorer-context.ts';
import {
  ALERTS,
  DASHBOARDS,
  DOOR,
  EXPLORER,
  KNOCKS,
  MAP,
  SOURCES,
  follow,
  lastExplored,
} from '../data/location.ts';
import type { Schema } from '../data/use-schema.ts';
import { shortCounted } from '../../src/view/format/numbers.ts';
import { zoneName } from '../../src/view/format/times.ts';
import { PinMenu } from '../menus/pin-menu.tsx';
import { RefreshMenu } from '../menus/refresh-menu.tsx';
import { ViewsMenu } from '../menus/views-menu.tsx';
import { ZoneMenu } from '../menus/zone-menu.tsx';
import { Logo, leftPanelIcon, moonIcon, rightPanelIcon, sunIcon } from '../parts/icons.tsx';
import type { Panel, Panels, Side } from '../parts/panels.ts';
import { Popup } from '../parts/popup.tsx';
import { useTheme } from '../theme/use-theme.ts';
import './top-bar.css';

/** What the page shows. */
export type Place = 'explore' | 'map' | 'knocks' | 'door' | 'sources' | 'alerts' | 'dashboards';

export function TopBar(props: {
  /** Null: none of those that are always in sight. */
  readonly place: Place | null;
  /** The main heading of a page that shows none of its own. */
  readonly heading?: string;
  /** Where the screens are, so that the time and the zone go along. */
  readonly links?: Readonly<Partial<Record<Place, string>>>;
  readonly children?: ReactNode;
}): ReactNode {
  const { theme, toggle } = useTheme();
  const other = theme === 'dark' ? 'light' : 'dark';
  const links = {
    explore: EXPLORER + lastExplored(),
    map: MAP,
    knocks: KNOCKS,
    door: DOOR,
    sources: SOURCES,
    alerts: ALERTS,
    dashboards: DASHBOARDS,
    ...props.links,
  };
  return (
    <header className="top">
      {props.heading !== undefined && <h1 className="visually-hidden">{props.heading}</h1>}
      <a className="logo" href="/">
        <Logo />
        Peephole
      </a>
      <nav className="tabs" aria-label="Pages">
        {places.map(({ place, label }) => (
          <a
            key={place}
            className="tab"
            href={links[place]}
            aria-current={place === props.place ? 'page' : undefined}
            onClick={follow}
          >
            {label}
          </a>
        ))}
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

const places: readonly { readonly place: Place; readonly label: string }[] = [
  { place: 'explore', label: 'Explore' },
  { place: 'map', label: 'Map' },
  { place: 'knocks', label: 'Knocks' },
  { place: 'door', label: 'Door' },
  { place: 'sources', label: 'Sources' },
  { place: 'alerts', label: 'Alerts' },
  { place: 'dashboards', label: 'Dashboards' },
];

/** How much there is, and what else holds on any screen. */
export function StoreAndZone(props: {
  readonly schema: Schema;
  readonly timezone: string;
  readonly at: number;
  readonly onZone: (timezone: string) => void;
  readonly onHelp: () => void;
  readonly onRefresh: () => void;
  readonly children?: ReactNode;
}): ReactNode {
  const { timezone } = props;
  const [open, setOpen] = useState(false);
  return (
    <>
      <span className="top-note">{shortCounted(props.schema.flows, 'flow')}</span>
      <Popup
        open={open}
        onOpenChange={setOpen}
        label="Time zone"
        width={300}
        align="end"
        trigger={
          <button type="button" className="chip chip-zone" title={`Times are in ${timezone}`}>
            {zoneName(timezone)}
          </button>
        }
      >
        <ZoneMenu
          timezone={timezone}
          at={props.at}
          onChoose={(zone) => {
            props.onZone(zone);
            setOpen(false);
          }}
        />
      </Popup>
      <RefreshMenu onNow={props.onRefresh} />
      {props.children}
      <button
        type="button"
        className="chip chip-icon chip-keys"
        title="Keyboard shortcuts (?)"
        aria-label="Keyboard shortcuts"
        onClick={props.onHelp}
      >
        ?
      </button>
    </>
  );
}

/** The way to the views that this browser keeps. */
export function ViewsChip(): ReactNode {
  const { menu, setMenu } = useExplorer();
  return (
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
  );
}

/** Puts the view on a dashboard. */
export function PinChip(): ReactNode {
  const [open, setOpen] = useState(false);
  return (
    <Popup
      open={open}
      onOpenChange={setOpen}
      label="Pin to dashboard"
      width={280}
      align="end"
      trigger={
        <button
          type="button"
          className="chip chip-pin"
          title="Pin this view to a dashboard"
          aria-label="Pin to dashboard"
        >
          Pin<span className="chip-pin-where">&nbsp;to dashboard</span>
        </button>
      }
    >
      <PinMenu onClose={() => setOpen(false)} />
    </Popup>
  );
}

/** Shows or hides a side panel. */
export function PanelToggle(props: {
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
