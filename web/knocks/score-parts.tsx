import type { ReactNode } from 'react';
import type { ScorePart } from '../../src/model/knocks/knocks.ts';
import './score-parts.css';

/** The parts of a score: the value and the weight of each. */
export function ScoreParts(props: { readonly parts: readonly ScorePart[] }): ReactNode {
  const whole = props.parts.reduce((sum, { weight }) => sum + weight, 0);
  return (
    <ul className="score">
      {props.parts.map(({ name, value, weight, text }) => (
        <li key={name}>
          <span className="score-name">{sentence(name)}</span>
          <span className="score-bar" style={{ '--share': String(value) }} aria-hidden="true" />
          <span title="0 to 1">{value.toFixed(2)}</span>
          <span className="soft" title="Weight">
            × {Math.round((weight / Math.max(whole, Number.EPSILON)) * 100)} %
          </span>
          <span className="soft">{text}</span>
        </li>
      ))}
    </ul>
  );
}

function sentence(name: string): string {
  const words = name.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
