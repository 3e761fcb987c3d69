import { type ReactNode, memo } from 'react';
import type { Tile } from '../../src/model/dashboard/dashboard.ts';
import { type EditedTile, returnTile, useEditedTile } from '../data/edited-tile.ts';
import { useExplorer } from '../data/explorer-context.ts';
import { TIME } from '../../src/view/view.ts';
import './tile-bar.css';

/** While a tile's view is changed: the way back to its dashboard. */
export const TileBar = memo(function TileBar(): ReactNode {
  const edited = useEditedTile();
  return edited === null ? null : <Bar edited={edited} />;
});

function Bar({ edited }: { readonly edited: EditedTile }): ReactNode {
  const { view, link } = useExplorer();
  const tile = edited.draft.tiles.find(({ id }) => id === edited.tile);
  const field = view.splits.find((split) => split.field !== TIME)?.field;
  const changed = (before: Tile): Tile => {
    switch (before.kind) {
      case 'view':
      case 'figure':
        return { ...before, link };
      case 'list':
        return { ...before, link, field: field ?? before.field };
      case 'text':
      case 'findings':
      case 'sources':
        return before;
    }
  };
  const { name } = edited.draft;
  return (
    <div className="tile-bar" role="status">
      <span>
        This view is the tile <b>{tile?.title === '' ? 'without a title' : tile?.title}</b> of <b>{name}</b>.
        The dashboard sets time, time zone and comparison.
        {tile?.kind === 'list' && ' A list shows the first split.'}
        {tile?.kind === 'figure' && ' A figure shows the first measure.'}
      </span>
      <button type="button" className="button" onClick={() => returnTile(edited, (before) => before)}>
        Discard changes
      </button>
      <button type="button" className="button button-main" onClick={() => returnTile(edited, changed)}>
        Save back to the tile
      </button>
    </div>
  );
}
