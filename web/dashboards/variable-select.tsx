import { type ReactNode, useState } from 'react';
import { useExplorer } from '../data/explorer-context.ts';
import { useTopValues } from '../data/use-values.ts';
import { valueText } from '../../src/view/format/names.ts';
import { PickList } from '../parts/pick-list.tsx';
import { Popup } from '../parts/popup.tsx';
import { pickValue, pickedValues, withoutPicked } from '../state/pinboard-selection.ts';

const ALL = 'all';
/** Values that are offered: the top ones by flows. */
const MOST = 100;

/** Selects a value of a dimension as a filter, or all. The values are loaded when it opens. */
export function VariableSelect(props: {
  readonly field: string;
  /** Empty: as its dimension. */
  readonly label: string;
}): ReactNode {
  const { field } = props;
  const { view, schema } = useExplorer();
  const [open, setOpen] = useState(false);
  const picked = pickedValues(view, field);
  const { label: name, logged } = schema.dimension(field);
  const label = props.label === '' ? name : props.label;
  if (!logged) return null;
  return (
    <Popup
      open={open}
      onOpenChange={setOpen}
      label={label}
      width={280}
      trigger={
        <button
          type="button"
          className={`pill board-variable${picked.length > 0 ? ' board-variable-set' : ''}`}
        >
          <span className="soft">{label}</span>
          <b>
            {picked.length === 0 ? 'all' : picked.map((value) => valueText(field, plain(value))).join(', ')}
          </b>
        </button>
      }
    >
      <Values field={field} onDone={() => setOpen(false)} />
    </Popup>
  );
}

function Values(props: { readonly field: string; readonly onDone: () => void }): ReactNode {
  const { field } = props;
  const { view, schema, go } = useExplorer();
  const picked = pickedValues(view, field);
  const top = useTopValues(withoutPicked({ ...view, measures: ['flows'] }, field), field, {
    limit: MOST,
    revision: schema.revision,
  });
  return (
    <PickList
      placeholder={`Find in ${schema.dimension(field).label.toLowerCase()}`}
      items={[
        { key: ALL, label: 'All', chosen: picked.length === 0 },
        ...(top.values ?? []).map(({ value }, at) => ({
          key: `=${at}`,
          label: valueText(field, value),
          chosen: picked.includes(value),
        })),
      ]}
      onPick={(key) => {
        props.onDone();
        if (key === ALL) return go(withoutPicked(view, field));
        const value = top.values?.[Number(key.slice(1))]?.value;
        if (value !== undefined && !picked.includes(value)) go(pickValue(view, field, value, false));
      }}
    />
  );
}

function plain<T>(value: T): Exclude<T, bigint> | string {
  return typeof value === 'bigint' ? String(value) : (value as Exclude<T, bigint>);
}
