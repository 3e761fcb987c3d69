import type { ReactNode } from 'react';
import type { Finding } from '../../src/model/knocks/knocks.ts';
import { formatMoment, formatStamp } from '../../src/view/format/times.ts';
import { InnerLink } from '../parts/inner-link.tsx';
import { HOUR } from '../../src/view/time/iso-duration.ts';
import { useLinks } from './links.ts';
import { partNote } from './knock-words.ts';

/** When something was seen, with a link to that hour. */
export function Moment(props: {
  readonly finding: Finding;
  /** ISO 8601. */
  readonly at: string;
  readonly source?: string;
  readonly timezone: string;
}): ReactNode {
  const { finding, source, timezone } = props;
  const at = Date.parse(props.at);
  const from = Math.floor(at / HOUR) * HOUR;
  const part = { within: { from, to: from + HOUR }, by: 'source' as const };
  const note = source === undefined ? partNote(finding) : undefined;
  return (
    <InnerLink
      to={useLinks().attempts(finding, source === undefined ? part : { ...part, source })}
      title={[formatStamp(at, timezone), ...(note === undefined ? [] : [note])].join('. ')}
    >
      {formatMoment(at, timezone)}
    </InnerLink>
  );
}
