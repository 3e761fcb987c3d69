import { type ReactNode, useEffect, useRef, useState } from 'react';
import { crossIcon } from './icons.tsx';
import { PopupPlace } from './popup-place.ts';
import './dialog.css';

/** A modal dialog: the browser's own, which traps the focus and closes on Escape. */
export function Dialog(props: {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const [place, setPlace] = useState<HTMLElement | null>(null);
  useEffect(() => {
    dialog.current?.showModal();
    // Else the browser focuses the button that closes it: whoever types then would close it with a space.
    dialog.current?.querySelector<HTMLElement>('.dialog-body [data-focus-first]')?.focus();
    setPlace(dialog.current);
  }, []);
  return (
    <dialog
      ref={dialog}
      className="dialog"
      aria-label={props.title}
      onClose={props.onClose}
      onClick={(event) => event.target === dialog.current && dialog.current.close()}
    >
      <div className="dialog-head">
        <h2>{props.title}</h2>
        <button
          type="button"
          className="button button-icon"
          aria-label="Close"
          onClick={() => dialog.current?.close()}
        >
          {crossIcon}
        </button>
      </div>
      <PopupPlace value={place}>
        <div className="dialog-body">{props.children}</div>
      </PopupPlace>
    </dialog>
  );
}
