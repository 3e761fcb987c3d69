import { type ReactNode, useCallback, useEffect, useState } from 'react';
import './toast.css';

/** Milliseconds for which a message is shown: at least these, and for each character so many, as people read. */
const SHORTEST = 4000;
const PER_CHARACTER = 80;

/** A short message: the current one, and a function to show one. */
export function useToast(): readonly [ReactNode, (text: string) => void] {
  const [said, setSaid] = useState<{ readonly text: string } | null>(null);
  useEffect(() => {
    if (said === null) return;
    const timer = setTimeout(() => setSaid(null), Math.max(SHORTEST, said.text.length * PER_CHARACTER));
    return () => clearTimeout(timer);
  }, [said]);
  const shown =
    said === null ? null : (
      <div className="toast ellipsis" role="status">
        {said.text}
      </div>
    );
  return [shown, useCallback((text: string) => setSaid({ text }), [])];
}
