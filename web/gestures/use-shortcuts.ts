import { useEffect, useRef } from 'react';
import { type Command, commandOf, digitOf } from './shortcuts.ts';

/** Listens for the keys that work anywhere. */
export function useShortcuts(run: (command: Command) => void, choose: (digit: number) => void): void {
  const latest = useRef({ run, choose });
  useEffect(() => {
    latest.current = { run, choose };
  });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      const command = commandOf(event);
      const digit = digitOf(event);
      if (command === null && digit === null) return;
      event.preventDefault();
      if (command !== null) latest.current.run(command);
      else if (digit !== null) latest.current.choose(digit);
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, []);
}
