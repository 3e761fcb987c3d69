import { type ReactNode, useState } from 'react';
import { MOST_VARIABLES, type DashboardContent } from '../../src/model/dashboard/dashboard.ts';
import { useExplorer } from '../data/explorer-context.ts';
import { DimensionPicker } from '../menus/dimension-picker.tsx';
import { Popup } from '../parts/popup.tsx';
import { TIME } from '../../src/view/view.ts';
import type { Editing } from './use-editing.ts';

type Variable = DashboardContent['variables'][number];

/** The dashboard's variables in edit mode: each is named, moved and removed in its panel; others can be added. */
export function VariableEditor(props: {
  readonly editing: Editing;
  readonly variables: readonly Variable[];
}): ReactNode {
  const { editing, variables } = props;
  const { schema } = useExplorer();
  const [adding, setAdding] = useState(false);
  const set = (next: readonly Variable[]): void => editing.change({ variables: next });
  return (
    <>
      {variables.map((variable, at) => (
        <EditedVariable
          key={variable.field}
          variable={variable}
          name={schema.dimension(variable.field).label}
          onChange={(next) => set(variables.map((each) => (each === variable ? next : each)))}
          onEarlier={at === 0 ? null : () => set(swapped(variables, at - 1))}
          onLater={at === variables.length - 1 ? null : () => set(swapped(variables, at))}
          onRemove={() => set(variables.filter((each) => each !== variable))}
        />
      ))}
      {variables.length < MOST_VARIABLES && (
        <Popup
          open={adding}
          onOpenChange={setAdding}
          label="Add a variable"
          width={280}
          trigger={
            <button type="button" className="pill board-variable">
              Add a variable
            </button>
          }
        >
          <DimensionPicker
            dimensions={schema.dimensions}
            without={[TIME, ...variables.map(({ field }) => field)]}
            onPick={(field) => {
              set([...variables, { field, label: '' }]);
              setAdding(false);
            }}
          />
        </Popup>
      )}
    </>
  );
}

function EditedVariable(props: {
  readonly variable: Variable;
  /** Of the dimension. */
  readonly name: string;
  readonly onChange: (next: Variable) => void;
  /** Null: there is none before it. */
  readonly onEarlier: (() => void) | null;
  readonly onLater: (() => void) | null;
  readonly onRemove: () => void;
}): ReactNode {
  const { variable, name } = props;
  const [open, setOpen] = useState(false);
  const label = variable.label === '' ? name : variable.label;
  return (
    <Popup
      open={open}
      onOpenChange={setOpen}
      label={`Variable ${label}`}
      width={260}
      trigger={
        <button type="button" className="pill board-variable board-variable-edited">
          {label}
        </button>
      }
    >
      <div className="board-panel">
        <label>
          Label
          <input
            className="input"
            data-focus-first=""
            maxLength={120}
            placeholder={name}
            value={variable.label}
            onChange={(event) => props.onChange({ ...variable, label: event.target.value })}
            onKeyDown={(event) => event.key === 'Enter' && setOpen(false)}
          />
        </label>
        <div className="board-panel-tools">
          <button
            type="button"
            className="button"
            disabled={props.onEarlier === null}
            onClick={() => props.onEarlier?.()}
          >
            Move left
          </button>
          <button
            type="button"
            className="button"
            disabled={props.onLater === null}
            onClick={() => props.onLater?.()}
          >
            Move right
          </button>
          <button type="button" className="button" onClick={props.onRemove}>
            Remove
          </button>
        </div>
      </div>
    </Popup>
  );
}

/** The list with an item and the next one swapped. */
function swapped(variables: readonly Variable[], at: number): readonly Variable[] {
  const [one, other] = [variables[at], variables[at + 1]];
  if (one === undefined || other === undefined) return variables;
  return variables.with(at, other).with(at + 1, one);
}
