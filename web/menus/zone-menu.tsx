import type { ReactNode } from 'react';
import { zoneName } from '../../src/view/format/times.ts';
import { PickList } from '../parts/pick-list.tsx';
import { offsetText, zonesFor } from '../../src/view/time/find-zone.ts';

/** Chooses the time zone: UTC, the browser's, or any other. */
export function ZoneMenu(props: {
  readonly timezone: string;
  /** The instant for which offsets are shown. */
  readonly at: number;
  readonly onChoose: (timezone: string) => void;
}): ReactNode {
  const { timezone, at } = props;
  const own = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  const near = [...new Set(['Etc/UTC', own, timezone])].filter((zone) => zone !== 'UTC');
  const all = Intl.supportedValuesOf('timeZone').filter((zone) => !near.includes(zone) && zone !== 'UTC');
  const item = (
    zone: string,
    group: string,
  ): { key: string; label: string; group: string; chosen: boolean; note?: string } => ({
    key: zone,
    label: zone.startsWith('Etc/') ? zoneName(zone) : zone.replaceAll('_', ' '),
    group,
    chosen: zoneName(zone) === zoneName(timezone) && (zone === timezone || zoneName(zone) === 'UTC'),
    // Computing hundreds of offsets would be slow.
    ...(group === 'Near'
      ? { note: zone === own ? `this browser, ${offsetText(zone, at)}` : offsetText(zone, at) }
      : {}),
  });
  return (
    <PickList
      placeholder="Find a time zone"
      none="No such time zone. Try a city, or an offset such as UTC+2."
      more={(text) =>
        zonesFor(text, all, at).map((zone) => ({
          ...item(zone, 'Also'),
          note: offsetText(zone, at),
        }))
      }
      items={[...near.map((zone) => item(zone, 'Near')), ...all.map((zone) => item(zone, 'All'))]}
      onPick={props.onChoose}
    />
  );
}
