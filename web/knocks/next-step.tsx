import type { ReactNode } from 'react';
import { copyText } from '../parts/clipboard.ts';
import { codesIn } from '../parts/code-text.tsx';
import { LinkedText } from '../parts/linked-text.tsx';
import './next-step.css';

/** The next step. Commands in backticks are repeated below with a copy button. */
export function NextStep(props: {
  readonly text: string;
  /** Names that it has for certain. */
  readonly names?: readonly (string | null)[];
  readonly notify: (text: string) => void;
}): ReactNode {
  return (
    <>
      <p className="next-text">
        <LinkedText text={props.text} names={props.names ?? []} />
      </p>
      {codesIn(props.text).map((command) => (
        <div key={command} className="next-command">
          <code>{command}</code>
          <button
            type="button"
            aria-label={`Copy ${command}`}
            onClick={() =>
              void copyText(command).then((done) =>
                props.notify(done ? `Copied ${command}` : 'The browser blocked copying'),
              )
            }
          >
            Copy
          </button>
        </div>
      ))}
    </>
  );
}
