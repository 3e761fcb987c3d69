import { PeepholeError } from '../../model/errors.ts';
import type { ClickHouseServer } from './server.ts';

const VIEWS: readonly string[] = ['flows', 'coverage', 'quarantine'];
/** Functions that reach beyond the statement's own rows, or hold a thread of the server. */
const REFUSED =
  /^(dict\w*|joinGet\w*|file|sleep\w*|getSetting\w*|getServerSetting|hostName|fqdn|currentUser|executable|catboost\w*|model\w*|filesystem\w*|displayName|showCertificate|serverUUID|getMacro|addressTo\w*|demangle|query_id|initializeAggregation|throwIf)$/i;

/** What a statement may read, as far as its text tells: more than it does, never less. */
export interface UsedNames {
  /** All words in it, in lower case. */
  readonly words: ReadonlySet<string>;
  /** It may read all columns. */
  readonly everything: boolean;
  /** Names that it gives to parts of itself, in lower case. */
  readonly commonTables: ReadonlySet<string>;
}

/**
 * Refuses what is no SELECT over the views `flows`, `coverage` and `quarantine`: other tables, table functions (which read
 * files and addresses), functions that reach further. Beside it the statement runs with `readonly`. Throws `bad_sql`.
 */
export async function checkSql(server: ClickHouseServer, text: string): Promise<UsedNames> {
  const bare = withoutQuotes(text);
  const [first = ''] = /\S+/.exec(bare) ?? [];
  if (!/^\s*(\(|SELECT\b|WITH\b)/i.test(bare))
    throw refused(
      first === ''
        ? 'There is no statement: ask, for instance, SELECT count(*) FROM flows'
        : `Only SELECT is allowed: this store is read, not written, through SQL. (The statement begins with ${first}.)`,
    );
  if (bare.includes(';')) throw refused('One statement at a time, please.');
  if (/[#$]/.test(bare)) throw refused('# and $ can be used within texts and quoted names only.');
  const rows = await server.rows(`EXPLAIN AST ${text}`, [], { readOnly: true });
  const lines = rows.map(([line]) => String(line));
  const named = commonTables(text);
  lines.forEach((line, at) => {
    const [, kind, rest] = /^\s*(\w+) ?(.*?)(?: \(children \d+\))?$/.exec(line) ?? [];
    const name = (rest ?? '').replace(/ \(alias .*\)$/, '');
    if (kind === 'TableExpression' && /^\s*Function /.test(lines[at + 1] ?? ''))
      throw refused('Table functions can’t be used: only the views flows, coverage and quarantine.');
    if (kind === 'TableIdentifier' && !VIEWS.includes(name) && !named.has(name.toLowerCase()))
      throw refused(`There is no view ${name}: the views are flows, coverage and quarantine.`);
    if (kind === 'Function' && REFUSED.test(name)) throw refused(`The function ${name} can’t be used.`);
    if (kind === 'Identifier' && /^(system|information_schema)\./i.test(name))
      throw refused(`${name} can’t be read: the views are flows, coverage and quarantine.`);
    if (kind === 'Set' || kind === 'SelectQueryInfo') throw refused('Settings can’t be changed.');
  });
  return {
    words: new Set(text.toLowerCase().match(/\w+/g)),
    everything: /\*|\bCOLUMNS\b|\bNATURAL\b/i.test(bare.replace(/\bcount\s*\(\s*\*\s*\)/gi, ' ')),
    commonTables: named,
  };
}

function refused(message: string): PeepholeError {
  return new PeepholeError('bad_sql', message);
}

/**
 * A statement without its comments, and with '' for what is quoted: what may stand outside is then seen. `#` and `$` begin
 * comments and texts of ClickHouse's own kinds, so whoever reads this refuses them outside. Throws `bad_sql` for what does not end.
 */
function withoutQuotes(text: string): string {
  const parts = /--[^\n]*|\/\*[\s\S]*?\*\/|(['"`])(?:\\[\s\S]|\1\1|(?!\1|\\)[\s\S])*\1/g;
  const bare = text.replace(parts, (_, quote: string | undefined) => (quote === undefined ? ' ' : "''"));
  if (/["`]|\/\*/.test(bare) || /'/.test(bare.replaceAll("''", '')))
    throw refused('A text or a comment in the statement does not end.');
  return bare;
}

/** Names that the statement itself gives to parts of it: WITH name AS (…). */
function commonTables(text: string): ReadonlySet<string> {
  const found = text.matchAll(/(?:^|[\s,(])(?:"([^"]+)"|`([^`]+)`|(\w+))\s+AS\s*\(/gi);
  return new Set([...found].map((match) => (match[1] ?? match[2] ?? match[3] ?? '').toLowerCase()));
}
