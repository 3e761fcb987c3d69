import type { ReactNode } from 'react';
import type { About, AboutAmounts, AboutVersion } from '../../src/model/about/about.ts';
import type { AboutKind } from '../../src/model/about/parse-about.ts';
import { formatBig, formatChange, formatShare } from '../../src/view/format/numbers.ts';
import { formatHour, formatStamp } from '../../src/view/format/times.ts';
import { useLinks } from '../knocks/links.ts';
import { Fact, Facts } from '../parts/facts.tsx';
import { InnerLink } from '../parts/inner-link.tsx';
import { useAboutPlace } from './about-context.ts';
import { kindWords } from './address-words.ts';

/** Identity now and earlier, first and last seen, and total traffic in and out. */
export function AboutHead(props: { readonly about: About }): ReactNode {
  const { about } = props;
  const { kind, value, identity, seen } = about;
  const { timezone } = useAboutPlace();
  const links = useLinks();
  const [now, ...earlier] = identity.history;
  const { country, as_name: operator, asn, kind: what, cloud, cloud_service: service } = identity.facts;
  return (
    <section className="about-card about-head">
      <div className="about-title">
        <h1>
          <small>{kindWords[kind]}</small>
          <span className="mono">{kind === 'operator' ? `AS${value}` : value}</span>{' '}
          {identity.name !== null && <span className="about-name">{identity.name}</span>}
        </h1>
        <dl className="totals">
          <SideTotal label={kind === 'port' ? 'To it' : 'In'} side={about.inbound} />
          {about.outbound !== null && <SideTotal label="Out" side={about.outbound} />}
        </dl>
      </div>
      <Facts>
        {what !== undefined && what !== null && <Fact name="Kind of address">{String(what)}</Fact>}
        {country != null && (
          <Fact name="Country">
            <Other kind="country" value={String(country)} />
          </Fact>
        )}
        {asn != null && (
          <Fact name="Operator">
            <Other kind="operator" value={String(asn)}>
              {operator == null ? `AS${asn}` : String(operator)}
            </Other>
          </Fact>
        )}
        {cloud != null && (
          <Fact name="Cloud">{[cloud, service].filter((text) => text != null).join(' ')}</Fact>
        )}
        {now !== undefined && <VersionFacts version={now} about={about} />}
        <Fact name="First seen">
          {seen === null ? 'never' : formatHour(Date.parse(seen.first), timezone)}
        </Fact>
        {seen !== null && (
          <Fact name="Last seen">
            <InnerLink to={links.query(seen.queries[0] ?? {})} title="By the hour, over all data">
              {formatHour(Date.parse(seen.last), timezone)}
            </InnerLink>
          </Fact>
        )}
      </Facts>
      {earlier.length > 0 && (
        <details className="about-earlier">
          <summary>
            What it was, {earlier.length === 1 ? 'one other time' : `${earlier.length} other times`}
          </summary>
          {earlier.map((version) => (
            <div key={`${version.address} ${version.interface} ${version.from}`} className="about-version">
              <h3>{timesOf(version, timezone)}</h3>
              <Facts>
                <VersionFacts version={version} about={about} />
              </Facts>
            </div>
          ))}
        </details>
      )}
    </section>
  );
}

function VersionFacts(props: { readonly version: AboutVersion; readonly about: About }): ReactNode {
  const { version, about } = props;
  const { timezone } = useAboutPlace();
  const tags = Object.entries(version.tags).filter(([key]) => key !== 'Name');
  const text = (name: string, value: string | null): ReactNode =>
    value !== null && (
      <Fact name={name}>
        <span className="mono">{value}</span>
      </Fact>
    );
  return (
    <>
      {version.name !== null && (
        <Fact name="Name">
          <Other kind="name" value={version.name} />
        </Fact>
      )}
      {version.service !== null && (
        <Fact name="Service">
          <Other kind="service" value={version.service} />
        </Fact>
      )}
      {version.address !== about.value && (
        <Fact name="Address">
          <Other kind="address" value={version.address} />
        </Fact>
      )}
      {version.public_address !== null && version.public_address !== about.value && (
        <Fact name="Public address">
          <Other kind="address" value={version.public_address} />
        </Fact>
      )}
      {text('Instance', version.instance)}
      {version.interface !== null && version.interface !== about.value && (
        <Fact name="Interface">
          <Other kind="interface" value={version.interface} />
        </Fact>
      )}
      {text('VPC', version.vpc)}
      {text('Subnet', version.subnet)}
      {text('Zone', version.zone)}
      {text('Account', version.account)}
      {version.groups.length > 0 && <Fact name="Security groups">{version.groups.join(', ')}</Fact>}
      {version.since !== null && (
        <Fact name="Since">{formatStamp(Date.parse(version.since), timezone, false)}</Fact>
      )}
      {tags.length > 0 && (
        <Fact name="Tags">
          <span className="about-tags">
            {tags.map(([key, value]) => (
              <span key={key} className="about-tag">
                <span className="soft">{key}</span> {value}
              </span>
            ))}
          </span>
        </Fact>
      )}
    </>
  );
}

/** A value with a page of its own. */
function Other(props: {
  readonly kind: AboutKind;
  readonly value: string;
  readonly children?: ReactNode;
}): ReactNode {
  const { to } = useAboutPlace();
  const { kind, value } = props;
  const mono = kind === 'address' || kind === 'interface';
  return (
    <InnerLink to={to({ kind, value })} {...(mono ? { className: 'mono' } : {})}>
      {props.children ?? value}
    </InnerLink>
  );
}

function SideTotal(props: {
  readonly label: string;
  readonly side: {
    readonly totals: AboutAmounts;
    readonly previous: AboutAmounts | null;
    readonly query: object;
  };
}): ReactNode {
  const { totals, previous, query } = props.side;
  const links = useLinks();
  const change = previous === null ? '' : formatChange(totals.bytes, previous.bytes);
  return (
    <div className="total">
      <dt>
        <small>{props.label}</small>
      </dt>
      <dd>
        <b>{formatBig(totals.bytes, 'bytes')}</b>
        <InnerLink
          to={links.query(query as Readonly<Record<string, unknown>>)}
          className="total-change"
          title="Open in the explorer"
        >
          {formatBig(totals.flows, 'count')} {totals.flows === 1 ? 'flow' : 'flows'}
          {totals.rejected_flows > 0 && (
            <span className="about-refused">
              {' '}
              · {formatShare(totals.rejected_flows / totals.flows)} rejected
            </span>
          )}
        </InnerLink>
        {change !== '' && <span className="total-change soft">{change} against before</span>}
      </dd>
    </div>
  );
}

function timesOf({ from, to }: AboutVersion, timezone: string): string {
  const at = (iso: string): string => formatStamp(Date.parse(iso), timezone, false);
  if (from === null && to === null) return 'At the same time';
  return `${from === null ? 'Until' : `${at(from)} to`} ${to === null ? 'now' : at(to)}`;
}
