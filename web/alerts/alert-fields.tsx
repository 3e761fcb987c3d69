import { type ReactNode, useId } from 'react';
import { lengthForm } from '../../src/model/alert/parse-alert.ts';
import { lengthText } from '../../src/model/alert/length-text.ts';

/** A form field with its label above it. */
export function Field(props: { readonly label: string; readonly children: ReactNode }): ReactNode {
  return (
    <div className="alert-field">
      <span className="alert-label">{props.label}</span>
      {props.children}
    </div>
  );
}

export function TextField(props: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** Whether it has the focus when the dialog opens. */
  readonly focus?: boolean;
}): ReactNode {
  const id = useId();
  return (
    <div className="alert-field">
      <label className="alert-label" htmlFor={id}>
        {props.label}
      </label>
      <input
        id={id}
        className="input"
        data-focus-first={props.focus === true ? '' : undefined}
        value={props.value}
        onChange={(event) => props.onChange(event.target.value)}
      />
    </div>
  );
}

export function SelectField(props: {
  readonly label: string;
  readonly value: string;
  readonly options: readonly (readonly [value: string, label: string])[];
  readonly onChange: (value: string) => void;
}): ReactNode {
  const id = useId();
  return (
    <div className="alert-field">
      <label className="alert-label" htmlFor={id}>
        {props.label}
      </label>
      <select
        id={id}
        className="input"
        value={props.value}
        onChange={(event) => props.onChange(event.target.value)}
      >
        {props.options.map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
    </div>
  );
}

const usualLengths = [
  'PT1M',
  'PT2M',
  'PT5M',
  'PT10M',
  'PT15M',
  'PT30M',
  'PT1H',
  'PT2H',
  'PT6H',
  'P1D',
  'P7D',
  'P30D',
];
const length = new RegExp(lengthForm);

/** A duration: a common one, or the current one. */
export function LengthField(props: {
  readonly label: string;
  readonly value: string;
  /** The label for no duration; absent: a duration is required. */
  readonly none?: string;
  readonly onChange: (value: string) => void;
}): ReactNode {
  const { value, none } = props;
  const lengths =
    usualLengths.includes(value) || !length.test(value) ? usualLengths : [value, ...usualLengths];
  return (
    <SelectField
      label={props.label}
      value={value}
      options={[
        ...(none === undefined ? [] : [['', none] as const]),
        ...lengths.map((each) => [each, lengthText(each)] as const),
      ]}
      onChange={props.onChange}
    />
  );
}
