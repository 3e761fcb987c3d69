import { type ReactNode, useContext, useMemo } from 'react';
import { safeText } from '../../src/model/safe-text.ts';
import { NamesContext } from '../data/use-names.ts';
import { aboutPath } from '../state/about-url.ts';
import { textPieces } from '../state/text-things.ts';
import { InnerLink } from './inner-link.tsx';
import './code-text.css';
import './linked-text.css';

/** A sentence whose addresses, interfaces, operators, ports and names lead to their pages. Text between backticks is shown as code. */
export function LinkedText(props: {
  readonly text: string;
  /** Names that the sentence has for certain: others count if they can't be a common word. */
  readonly names?: readonly (string | null)[];
}): ReactNode {
  const { text, names: certain = [] } = props;
  const names = useContext(NamesContext);
  const known = useMemo(() => new Set([...names.values()].filter((name) => /[\d-]/.test(name))), [names]);
  const isName = (word: string): boolean => known.has(word) || certain.includes(word);
  return text.split('`').map((part, at) =>
    at % 2 === 1 ? (
      <code key={at} className="code-text">
        {safeText(part)}
      </code>
    ) : (
      textPieces(part, isName).map((piece, i) =>
        piece.thing === null ? (
          safeText(piece.text)
        ) : (
          <InnerLink
            key={`${at} ${i}`}
            to={aboutPath(piece.thing)}
            className="linked-text"
            title={`All about ${piece.thing.value}`}
          >
            {safeText(piece.text)}
          </InnerLink>
        ),
      )
    ),
  );
}
