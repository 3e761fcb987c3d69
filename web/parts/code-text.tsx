import type { ReactNode } from 'react';
import './code-text.css';

/** A sentence in which text between backticks is shown as code. */
export function CodeText({ text }: { readonly text: string }): ReactNode {
  return (
    <>
      {text.split('`').map((piece, at) =>
        at % 2 === 1 ? (
          <code key={at} className="code-text">
            {piece}
          </code>
        ) : (
          piece
        ),
      )}
    </>
  );
}

/** The parts of a sentence between backticks. */
export function codesIn(text: string): readonly string[] {
  return text.split('`').filter((_, at) => at % 2 === 1);
}
