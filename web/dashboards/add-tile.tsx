import { type ReactNode, useState } from 'react';
import { tileKinds, type DashboardContent, type TileSubject } from '../../src/model/dashboard/dashboard.ts';
import { useExplorer } from '../data/explorer-context.ts';
import { DimensionPicker } from '../menus/dimension-picker.tsx';
import { PickList } from '../parts/pick-list.tsx';
import { Popup } from '../parts/popup.tsx';
import { documentIdOf } from '../state/kept-views.ts';
import { TIME } from '../../src/view/view.ts';
import { bottomOf } from './tile-layout.ts';
import { kindNames } from './tile-names.ts';
import type { Editing } from './use-editing.ts';

/** Adds a tile below the others; views of other kinds are pinned from the explorer. */
export function AddTile(props: { readonly editing: Editing; readonly draft: DashboardContent }): ReactNode {
  const { draft, editing } = props;
  const { schema } = useExplorer();
  const [open, setOpen] = useState(false);
  const [listing, setListing] = useState(false);
  const add = (title: string, w: number, h: number, subject: TileSubject): void => {
    const id = documentIdOf(title, draft.tiles);
    const tile = { id, title, x: 0, y: bottomOf(draft.tiles), w, h, ...subject };
    editing.change({ tiles: [...draft.tiles, tile] });
    setOpen(false);
    setListing(false);
  };
  return (
    <Popup
      open={open}
      onOpenChange={(next) => {
        setOpen(next);
        setListing(false);
      }}
      label="Add a tile"
      width={280}
      align="end"
      trigger={
        <button type="button" className="button">
          Add a tile
        </button>
      }
    >
      {listing ? (
        <DimensionPicker
          dimensions={schema.dimensions}
          without={[TIME]}
          onPick={(field) =>
            add(schema.dimension(field).label, 4, 6, { kind: 'list', field, limit: 10, link: '?v=1&m=flows' })
          }
        />
      ) : (
        <PickList
          placeholder="Find a kind of tile"
          items={tileKinds.map((kind) => ({
            key: kind,
            label: kindNames[kind],
            ...(kind === 'view' ? { hint: 'Others are pinned from the explorer' } : {}),
          }))}
          onPick={(kind) => {
            if (kind === 'list') setListing(true);
            else if (kind === 'text') add('Text', 12, 3, { kind, text: '' });
            else if (kind === 'figure') add('Flows', 3, 3, { kind, link: '?v=1&m=flows' });
            else if (kind === 'findings') add('Findings', 4, 8, { kind, kinds: [], limit: 10 });
            else if (kind === 'sources') add('Sources', 12, 4, { kind });
            else add('Flows over time', 12, 7, { kind: 'view', link: '?v=1&m=flows&split=time&show=lines' });
          }}
        />
      )}
    </Popup>
  );
}
