import { type ReactNode, useEffect, useState } from 'react';
import { formatShort } from '../../src/view/format/numbers.ts';

/** Shown while the first investigation runs. The elapsed time is shown only if it takes long. */
export function Searching(props: { readonly flows: number }): ReactNode {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setSeconds((now) => now + 1), 1000);
    return () => clearInterval(timer);
  }, []);
  return (
    <main className="center">
      <p className="searching" role="status">
        Investigating {formatShort(props.flows, 'count')} flows
        {seconds >= 3 && (
          <span className="soft" aria-hidden="true">
            {' '}
            {seconds} s
          </span>
        )}
      </p>
    </main>
  );
}
