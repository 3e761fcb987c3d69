import type { ReactNode } from 'react';
import { copyText } from '../parts/clipboard.ts';

/** What to do next. Commands in it, between backticks, stand below once more, ready to be copied. */
export function NextStep(props: {
  readonly text: string;
  readonly notify: (text: string) => void;
}): ReactNode {
  // Every other piece stood between backticks.
  const pieces = props.text.split('`');
  const commands = pieces.filter((_, at) => at % 2 === 1);
  return (
    <>
      <p className="next-text">
        {pieces.map((piece, at) => (at % 2 === 1 ? <code key={at}>{piece}</code> : piece))}
      </p>
      {commands.map((command) => (
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
