import { type ReactNode, useEffect, useState } from 'react';
import './wait-text.css';

/** Says what is waited for. Not seen where it comes at once; the elapsed time is shown only if it takes long. */
export function WaitText(props: { readonly children: ReactNode }): ReactNode {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setSeconds((now) => now + 1), 1000);
    return () => clearInterval(timer);
  }, []);
  return (
    <p className="wait-text" role="status">
      {props.children}
      {seconds >= 3 && (
        <span className="soft" aria-hidden="true">
          {' '}
          {seconds} s
        </span>
      )}
    </p>
  );
}
