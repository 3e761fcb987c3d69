import { DropdownMenu } from 'radix-ui';
import type { ReactNode } from 'react';
import { refreshes, useRefresh } from '../data/refresh.ts';
import { useSchemaRequest } from '../data/schema-request.ts';

/** Automatic refresh: off, or how often. */
export function RefreshMenu(props: { readonly onNow: () => void }): ReactNode {
  const [every, setEvery] = useRefresh();
  const { error } = useSchemaRequest();
  const failing = every !== null && error !== null;
  const label = refreshes.find((each) => each.every === every)?.label.toLowerCase() ?? '';
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>
        <button
          type="button"
          className={`chip chip-live${every === null ? '' : failing ? ' chip-live-bad' : ' chip-live-on'}`}
          title={
            every === null
              ? 'Automatic refresh is off'
              : failing
                ? `The server does not answer, so this may be old. The page asks again ${label}.`
                : `Refreshes ${label}`
          }
        >
          <span className="live-dot" />
          {every === null ? 'paused' : failing ? 'no answer' : 'live'}
        </button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="menu" align="end" sideOffset={4} collisionPadding={8}>
          <div className="menu-note">“Latest” follows the newest flow.</div>
          <DropdownMenu.RadioGroup
            value={String(every)}
            onValueChange={(value) => setEvery(value === 'null' ? null : Number(value))}
          >
            {refreshes.map((each) => (
              <DropdownMenu.RadioItem key={each.label} value={String(each.every)} className="menu-item">
                <span className="menu-check">{each.every === every ? '✓' : ''}</span>
                {each.label}
              </DropdownMenu.RadioItem>
            ))}
          </DropdownMenu.RadioGroup>
          <DropdownMenu.Item className="menu-item" onSelect={props.onNow}>
            <span className="menu-check" />
            Look now
          </DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
