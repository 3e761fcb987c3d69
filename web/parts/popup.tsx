import { Popover } from 'radix-ui';
import { type ReactNode, useContext, useRef } from 'react';
import { PopupPlace } from './popup-place.ts';
import './popup.css';

/**
 * A panel attached to a button: Escape and a click elsewhere close it; the focus moves in and back.
 * Not modal: a modal one would need style elements, which the content security policy forbids.
 */
export function Popup(props: {
  readonly trigger: ReactNode;
  readonly label: string;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly align?: 'start' | 'center' | 'end';
  readonly width?: number;
  /** Called when it has closed; true: it has moved the focus itself. */
  readonly onClosed?: () => boolean;
  readonly children: ReactNode;
}): ReactNode {
  const content = useRef<HTMLDivElement>(null);
  const place = useContext(PopupPlace);
  return (
    <Popover.Root open={props.open} onOpenChange={props.onOpenChange}>
      <Popover.Trigger asChild>{props.trigger}</Popover.Trigger>
      <Popover.Portal container={place}>
        <Popover.Content
          className="popup"
          align={props.align ?? 'start'}
          sideOffset={6}
          collisionPadding={8}
          aria-label={props.label}
          style={{ width: props.width }}
          ref={content}
          onCloseAutoFocus={(event) => {
            if (props.onClosed?.() === true) event.preventDefault();
          }}
          onOpenAutoFocus={(event) => {
            // Select the text of the first input; without one, focus the first focusable element.
            const marked = content.current?.querySelector<HTMLElement>('[data-focus-first]');
            if (!marked) return;
            event.preventDefault();
            marked.focus();
          }}
        >
          {props.children}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
