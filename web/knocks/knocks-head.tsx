import type { ReactNode } from 'react';
import type { Knocks } from '../../src/model/knocks/knocks.ts';
import { formatBig, formatCount, formatShare } from '../../src/view/format/numbers.ts';
import { InnerLink } from '../parts/inner-link.tsx';
import { useLinks } from './links.ts';
import '../views/head.css';

/** The totals, in large type. */
export function KnocksHead(props: { readonly knocks: Knocks }): ReactNode {
  const { totals, findings } = props.knocks;
  const links = useLinks();
  return (
    <dl className="totals knocks-head">
      <div className="total">
        <dt>
          <small>Findings</small>
        </dt>
        <dd>
          <b>{formatCount(findings.length)}</b>
        </dd>
      </div>
      <div className="total">
        <dt>
          <small>Flows</small>
        </dt>
        <dd>
          <b title={formatCount(totals.flows)}>
            <InnerLink to={links.flows()}>{formatBig(totals.flows, 'count')}</InnerLink>
          </b>
        </dd>
      </div>
      <div className="total total-reject">
        <dt>
          <small>Rejected</small>
        </dt>
        <dd>
          <b title={totals.rejected_share === null ? undefined : formatCount(totals.rejected_flows)}>
            <InnerLink to={links.flows('REJECT')}>
              {totals.rejected_share === null ? '–' : formatShare(totals.rejected_share)}
            </InnerLink>
          </b>
        </dd>
      </div>
    </dl>
  );
}
