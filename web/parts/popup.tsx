import { Popover } from 'radix-ui';
import {
  type ComponentProps,
  type ReactElement,
  type ReactNode,
  cloneElement,
  useContext,
  useId,
  useRef,
} from 'react';
import { PopupPlace } from './popup-place.ts';
import './popup.css';

/**
 * A panel attached to a button: Escape and a click elsewhere close it; the focus moves in and back.
 * Not modal: a modal one would need style elements, which the content security policy forbids.
 */
export function Popup(props: {
  readonly trigger: ReactElement<ComponentProps<'button'>>;
  readonly label: string;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly align?: 'start' | 'center' | 'end';
  readonly width?: number;
  /** Called when it has closed; true: it has moved the focus itself. */
  readonly onClosed?: () => boolean;
  readonly children: ReactNode;
}): ReactNode {
  const { trigger, open } = props;
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  // The library's own trigger is ten components, closed or not, and the page has a dozen: only what is open is made of it.
  return (
    <>
      {cloneElement(trigger, {
        ref: button,
        'aria-haspopup': 'dialog',
        'aria-expanded': open,
        'aria-controls': open ? id : undefined,
        'data-state': open ? 'open' : 'closed',
        onClick: () => props.onOpenChange(!open),
      } as ComponentProps<'button'>)}
      {open && <Panel {...props} button={button} id={id} />}
    </>
  );
}

function Panel(
  props: Omit<ComponentProps<typeof Popup>, 'trigger'> & {
    readonly button: { readonly current: HTMLButtonElement | null };
    readonly id: string;
  },
): ReactNode {
  const { button } = props;
  const content = useRef<HTMLDivElement>(null);
  const place = useContext(PopupPlace);
  /** Whether a click elsewhere, or the focus there, closes it: then the focus stays there. */
  const left = useRef(false);
  return (
    <Popover.Root open onOpenChange={props.onOpenChange}>
      <Popover.Anchor virtualRef={button} />
      <Popover.Portal container={place}>
        <Popover.Content
          id={props.id}
          className="popup"
          align={props.align ?? 'start'}
          sideOffset={6}
          collisionPadding={8}
          aria-label={props.label}
          style={{ width: props.width }}
          ref={content}
          onInteractOutside={(event) => {
            left.current = true;
            // Its click closes it.
            if (event.target instanceof Node && button.current?.contains(event.target) === true)
              event.preventDefault();
          }}
          onCloseAutoFocus={(event) => {
            if (props.onClosed?.() === true) event.preventDefault();
            else if (!left.current) button.current?.focus();
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
