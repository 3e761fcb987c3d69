import { type ReactNode, useState } from 'react';
import { MOST_TILE_ITEMS, type Tile } from '../../src/model/dashboard/dashboard.ts';
import { findingKinds, kindWords } from '../../src/model/knocks/finding-kinds.ts';
import { Popup } from '../parts/popup.tsx';

/** The settings of a tile in edit mode: its view in the explorer, how many entries, which findings. */
export function TileSettings(props: {
  readonly tile: Tile;
  readonly name: string;
  readonly onChange: (tile: Tile) => void;
  readonly onEditView: () => void;
}): ReactNode {
  const { tile, name } = props;
  const [open, setOpen] = useState(false);
  if (tile.kind === 'text' || tile.kind === 'sources') return null;
  if (tile.kind === 'view' || tile.kind === 'figure')
    return (
      <button type="button" className="link" aria-label={`Edit view of ${name}`} onClick={props.onEditView}>
        Edit view
      </button>
    );
  return (
    <Popup
      open={open}
      onOpenChange={setOpen}
      label={`Settings of ${name}`}
      width={260}
      align="end"
      trigger={
        <button type="button" className="link" aria-label={`Settings of ${name}`}>
          Settings
        </button>
      }
    >
      <div className="board-panel">
        <label>
          Entries, at most
          <input
            className="input"
            data-focus-first=""
            type="number"
            min={1}
            max={MOST_TILE_ITEMS}
            value={tile.limit}
            onChange={(event) => {
              const limit = Number(event.target.value);
              if (Number.isInteger(limit) && limit >= 1 && limit <= MOST_TILE_ITEMS)
                props.onChange({ ...tile, limit });
            }}
          />
        </label>
        {tile.kind === 'list' ? (
          <button type="button" className="button" onClick={props.onEditView}>
            Edit the view in the explorer
          </button>
        ) : (
          <fieldset>
            <legend>Kinds (none chosen: all)</legend>
            {findingKinds.map((kind) => (
              <label key={kind} className="board-check">
                <input
                  type="checkbox"
                  checked={tile.kinds.includes(kind)}
                  onChange={(event) =>
                    props.onChange({
                      ...tile,
                      kinds: event.target.checked
                        ? [...tile.kinds, kind]
                        : tile.kinds.filter((each) => each !== kind),
                    })
                  }
                />
                {kindWords[kind].name}
              </label>
            ))}
          </fieldset>
        )}
      </div>
    </Popup>
  );
}
