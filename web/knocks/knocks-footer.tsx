import type { ReactNode } from 'react';
import type { Knocks } from '../../src/model/knocks/knocks.ts';
import { knocksPath } from '../data/use-knocks.ts';
import { counted, formatCount, formatInterval } from '../../src/view/format/numbers.ts';
import type { TimeChoice } from '../../src/view/view.ts';
import '../views/footer.css';

/** The data behind the page, and downloads. */
export function KnocksFooter(props: {
  readonly knocks: Knocks | null;
  /** How many findings match the filter. */
  readonly shown: number;
  readonly time: TimeChoice;
  readonly onCopyLink: () => void;
}): ReactNode {
  const { knocks, shown, time } = props;
  const all = knocks?.findings.length ?? 0;
  return (
    <footer className="foot foot-wraps">
      {knocks !== null && (
        <>
          <span>
            {shown === all ? counted(all, 'finding') : `${formatCount(shown)} of ${counted(all, 'finding')}`}
          </span>
          <span>
            {counted(knocks.totals.flows, 'flow')} analyzed
            {/* An answer that was kept took no time worth saying. */}
            {knocks.stats.ms >= 100 && ` in ${formatInterval(knocks.stats.ms / 1000)}`}
          </span>
        </>
      )}
      <span className="grow" />
      <a className="link" href={knocksPath(time, 'html')} download>
        Save as HTML
      </a>
      <a className="link" href={knocksPath(time)} download="knocks.json">
        Save as JSON
      </a>
      <button type="button" className="link" onClick={props.onCopyLink}>
        Copy link
      </button>
    </footer>
  );
}
