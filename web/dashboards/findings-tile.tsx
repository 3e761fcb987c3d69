import type { ReactNode } from 'react';
import type { Tile } from '../../src/model/dashboard/dashboard.ts';
import { kindWords } from '../../src/model/knocks/finding-kinds.ts';
import { useExplorer } from '../data/explorer-context.ts';
import { KNOCKS } from '../data/location.ts';
import { isSetAside } from '../../src/model/knocks/set-aside.ts';
import { useKnocks } from '../data/use-knocks.ts';
import { titleOf, toneOf } from '../knocks/knock-words.ts';
import { AboutLink } from '../parts/about-link.tsx';
import { InnerLink } from '../parts/inner-link.tsx';
import { filterFindings, unappliedWords } from '../../src/view/filter-findings.ts';
import { writeKnocksUrl } from '../state/knocks-url.ts';
import { SmallProblem } from '../parts/small-problem.tsx';

/** The findings of the dashboard's time, the highest score first, under those of its filters that apply to findings. */
export function FindingsTile(props: { readonly tile: Tile & { readonly kind: 'findings' } }): ReactNode {
  const { kinds, limit } = props.tile;
  const { view, schema } = useExplorer();
  const cannot = schema.unsupported.knocks;
  const { knocks, searching, error } = useKnocks(view.time, schema.revision, cannot === undefined);
  if (cannot !== undefined) return <p className="hint">{cannot}</p>;
  if (error !== null) return <SmallProblem error={error} />;
  const findings = filterFindings(
    (knocks?.findings ?? []).filter(
      (finding) => !isSetAside(finding) && (kinds.length === 0 || kinds.includes(finding.kind)),
    ),
    view.filters,
  );
  const unapplied = unappliedWords(view.filters, schema);
  const path = KNOCKS + writeKnocksUrl({ time: view.time, timezone: view.timezone });
  return (
    <div className={`tile-findings${searching ? ' stale' : ''}`} aria-busy={searching}>
      {knocks === null && <p className="hint hint-late">Loading findings …</p>}
      {knocks !== null && findings.length === 0 && <p className="hint">No findings in this time.</p>}
      {unapplied !== null && <p className="hint">{unapplied}</p>}
      <ol>
        {findings.slice(0, limit).map((finding) => (
          <li key={finding.id}>
            <InnerLink to={path} title={finding.summary}>
              <small className={`tone-${toneOf(finding)}`}>
                {kindWords[finding.kind].name} {finding.score.toFixed(2)}
              </small>
              <span>{titleOf(finding)}</span>
            </InnerLink>
            {finding.target?.address != null && (
              <AboutLink thing={{ kind: 'address', value: finding.target.address }} />
            )}
          </li>
        ))}
      </ol>
      {findings.length > limit && (
        <InnerLink to={path} className="link">
          {findings.length - limit} more
        </InnerLink>
      )}
    </div>
  );
}
