import { type ReactNode, useId } from 'react';
import { eyeIcon, eyeOffIcon } from '../parts/icons.tsx';

/** The colour of an entry of a legend; where lines can be hidden, a switch that hides this one or shows it again. */
export function LegendSwatch(props: {
  readonly colour: string;
  /** The element with the entry's name. */
  readonly nameId: string;
  readonly hidden?: boolean;
  readonly onToggle?: (withShift: boolean) => void;
}): ReactNode {
  const id = useId();
  const { hidden = false, onToggle } = props;
  const swatch = <span className="swatch" style={{ '--tone': props.colour }} />;
  if (onToggle === undefined) return <span className="legend-swatch">{swatch}</span>;
  return (
    <button
      type="button"
      className="legend-swatch"
      aria-pressed={!hidden}
      aria-labelledby={`${id} ${props.nameId}`}
      title={`${hidden ? 'Show' : 'Hide'} (Shift+click: alone)`}
      onClick={(event) => onToggle(event.shiftKey)}
    >
      {swatch}
      <span className="legend-eye">{hidden ? eyeIcon : eyeOffIcon}</span>
      <span id={id} className="visually-hidden">
        Show
      </span>
    </button>
  );
}
