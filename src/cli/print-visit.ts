import type { UnkeptVisits, Visit } from '../model/visits/visit.ts';
import { safeText } from '../model/safe-text.ts';
import { plural } from './messages.ts';

/** Characters of each text that a stranger sent. */
const MOST = 120;

/** A visit in a line for a terminal. */
export function visitLine(line: Visit | UnkeptVisits): string {
  const time = line.at.slice(11, 19);
  if ('unkept' in line) {
    const from = line.source_address === null ? '' : ` from ${line.source_address}`;
    return safeText(
      `${time} ${line.protocol}/${line.port} ${plural(line.unkept, 'visit')}${from} only counted (${line.bound.replaceAll('_', ' ')})`,
    );
  }
  const { source, target, protocol } = line;
  const from = source.address.includes(':')
    ? `[${source.address}]:${source.port}`
    : `${source.address}:${source.port}`;
  return safeText(`${time} ${protocol}/${target.port} from ${from}: ${line.kind}${said(line)}`);
}

function said({ http, tls, details, preview }: Visit): string {
  const parts: string[] = [];
  if (tls !== undefined) parts.push(cut(tls.server_name === '' ? 'no server name' : tls.server_name));
  if (http !== undefined) {
    parts.push(cut(`${http.method} ${http.path}`), http.host === '' ? 'no host' : `host ${cut(http.host)}`);
    if (http.user_agent !== '') parts.push(`agent ${cut(http.user_agent)}`);
  }
  if (parts.length === 0 && details !== undefined)
    parts.push(
      ...Object.entries(details)
        .slice(0, 3)
        .map(([name, value]) => `${name} ${cut(value)}`),
    );
  if (parts.length === 0 && preview !== '') parts.push(cut(preview));
  return parts.length === 0 ? '' : ` ${parts.join(', ')}`;
}

function cut(text: string): string {
  return text.length <= MOST ? text : `${text.slice(0, MOST)}…`;
}
