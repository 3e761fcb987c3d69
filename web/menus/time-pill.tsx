import type { ComponentProps, ReactNode } from 'react';
import { formatRange } from '../../src/view/format/times.ts';
import { Pill } from '../parts/pill.tsx';
import { TimeMenu, timeTitle } from './time-menu.tsx';

/** The time range, and the menu that changes it. */
export function TimePill(
  props: ComponentProps<typeof TimeMenu> & {
    readonly open: boolean;
    readonly onOpenChange: (open: boolean) => void;
  },
): ReactNode {
  const { open, onOpenChange, onChoose, ...menu } = props;
  const resolved = formatRange(menu.range, menu.timezone);
  return (
    <Pill
      kind="time"
      label="Time"
      open={open}
      onOpenChange={onOpenChange}
      width={440}
      text={
        menu.time.kind === 'absolute' ? (
          <b>{resolved}</b>
        ) : (
          <>
            <b>{timeTitle(menu.time)}</b>
            <span className="soft">{resolved}</span>
          </>
        )
      }
    >
      <TimeMenu
        {...menu}
        onChoose={(time) => {
          onChoose(time);
          onOpenChange(false);
        }}
      />
    </Pill>
  );
}
