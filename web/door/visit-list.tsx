import type { ReactNode } from 'react';
import { safeLines, safeText } from '../../src/model/safe-text.ts';
import type { Door } from '../../src/model/visits/door.ts';
import { counted, formatAmount } from '../../src/view/format/numbers.ts';
import { formatStamp } from '../../src/view/format/times.ts';
import { AboutLink } from '../parts/about-link.tsx';
import { Fact, Facts } from '../parts/facts.tsx';

type Listed = Door['visits'][number];

/** The visits themselves, the latest first; each opens to all that was received. All texts come from strangers. */
export function VisitList(props: {
  readonly visits: Door['visits'];
  readonly more: number;
  readonly timezone: string;
}): ReactNode {
  return (
    <section className="door-card">
      <h2>Visits, the latest first</h2>
      {props.visits.map((visit) => (
        <details key={visit.id} className="visit">
          <summary>
            <span className="door-time">{formatStamp(Date.parse(visit.at), props.timezone)}</span>
            <span className="mono visit-source">{visit.source.address}</span>
            <span className="mono door-text visit-said">{saidBy(visit)}</span>
          </summary>
          <VisitDetails visit={visit} />
        </details>
      ))}
      {props.more > 0 && <p className="hint">… and {counted(props.more, 'earlier visit')}.</p>}
    </section>
  );
}

/** In one line, in which nothing reorders or hides text. */
function saidBy(visit: Listed): string {
  return safeText(firstSaid(visit));
}

function firstSaid({ kind, http, tls, preview }: Listed): string {
  if (http !== undefined) return `${http.method} ${http.path} ${http.host}`.trim();
  if (tls !== undefined) return `TLS ${tls.server_name === '' ? 'without a server name' : tls.server_name}`;
  return preview === '' ? kind : `${kind} ${preview}`;
}

function VisitDetails({ visit }: { readonly visit: Listed }): ReactNode {
  const { http, tls, details } = visit;
  const headers = http?.headers ?? [];
  return (
    <div className="visit-details">
      <Facts>
        <Fact name="from">
          <span className="mono">
            {visit.source.address} {visit.source.port}
          </span>
          <AboutLink thing={{ kind: 'address', value: visit.source.address }} />
        </Fact>
        <Fact name="to">
          <span className="mono">
            {visit.target.address} {visit.target.port}/{visit.protocol}
          </span>
          <AboutLink thing={{ kind: 'address', value: visit.target.address }} />
        </Fact>
        <Fact name="received">{formatAmount(visit.bytes, 'bytes')}</Fact>
        <Fact name="sent">{formatAmount(visit.sent, 'bytes')}</Fact>
        <Fact name="ended">{visit.ended.replaceAll('_', ' ')}</Fact>
        <Fact name="id">
          <span className="mono">{visit.id}</span>
        </Fact>
      </Facts>
      {tls !== undefined && (
        <dl className="visit-fields">
          <Field name="Server name" value={tls.server_name} />
          <Field name="ALPN" value={tls.alpn.join(', ')} />
          <Field name="Versions" value={tls.versions.join(', ')} />
          <Field name="JA4" value={tls.ja4} />
        </dl>
      )}
      {headers.length > 0 && (
        <dl className="visit-fields">
          {headers.map(([name, value], at) => (
            // oxlint-disable-next-line react/no-array-index-key -- a header may occur twice, and their order does not change
            <Field key={`${at} ${name}`} name={name} value={value} />
          ))}
        </dl>
      )}
      {details !== undefined && (
        <dl className="visit-fields">
          {Object.entries(details).map(([name, value]) => (
            <Field key={name} name={name} value={value} />
          ))}
        </dl>
      )}
      {http !== undefined && http.body !== '' && <pre className="mono">{safeLines(http.body)}</pre>}
      {visit.preview !== '' && (
        <pre className="mono">
          {safeLines(visit.preview)}
          {visit.truncated ? '…' : ''}
        </pre>
      )}
    </div>
  );
}

function Field(props: { readonly name: string; readonly value: string }): ReactNode {
  return (
    <div>
      <dt className="mono">{safeText(props.name)}</dt>
      <dd className="mono">{props.value === '' ? '–' : safeText(props.value)}</dd>
    </div>
  );
}
