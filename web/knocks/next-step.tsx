import type { ReactNode } from 'react';
import { copyText } from '../parts/clipboard.ts';
import { CodeText, codesIn } from '../parts/code-text.tsx';
import './next-step.css';

/** What to do next. Commands in it, between backticks, stand below once more, ready to be copied. */
export function NextStep(props: {
  readonly text: string;
  readonly notify: (text: string) => void;
}): ReactNode {
  return (
    <>
      <p className="next-text">
        <CodeText text={props.text} />
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
