import type { KnockSource } from '../../../model/knocks/knocks.ts';
import { byPort, bySource, queryOf, type Selection } from '../../evidence.ts';
import { replyKinds } from '../../../sql/investigate/pairs.ts';
import type { Found } from '../../search.ts';
import type { CountedReplies } from '../collect.ts';
import { hourly, resolveTarget, type JudgeContext } from '../../judge-context.ts';
import { part, scoreOf, volume } from '../../score.ts';
import { MOST_NAMED, whoIs } from '../../knock-source.ts';
import { stateOf } from '../../state-of.ts';
import { count, iso, portWords } from '../../wording.ts';

/** A query names so many ports that replies come from at most: it has to fit a link. */
const MOST_PORTS = 100;

/**
 * Refused replies to one address of ours: to flows of its own (late packets, a stateless rule), or to nothing that it
 * ever sent, so that somebody forged its address.
 * @param anyAccepted whether there are accepted flows in the logs at all: otherwise the two cases cannot be distinguished
 */
export function backscatter(replies: CountedReplies, anyAccepted: boolean, context: JudgeContext): Found {
  const { hours, isOurs, range, enrichment } = context;
  const faces = [replies.interface];
  const at = resolveTarget(
    { dst: replies.dst, interface: replies.interface, port: null, protocol: replies.protocol },
    replies.last,
    context,
  );
  const sources = replies.from.map(({ src, attempts, first, last }): KnockSource => ({
    ...whoIs(src, faces, first, context),
    attempts,
    per_hour: null,
    interval_seconds: null,
    first_seen: iso(first),
    last_seen: iso(last),
    state: stateOf({ first, last }, hours, faces),
  }));
  const asked = replies.reply === replyKinds.asked;
  const kind = asked || !anyAccepted ? 'backscatter' : 'spoofed_backscatter';
  const outside = replies.from.every(({ src }) => !isOurs(src));
  const attempts = replies.active.reduce((sum, hour) => sum + hour.attempts, 0);
  const parts = [
    part('many', volume(attempts), 0.5, count(attempts, 'reply', 'replies')),
    part(
      'harmless',
      0,
      0.5,
      asked
        ? 'replies to own traffic, rejected because they came after its end'
        : 'replies, which open nothing',
    ),
  ];
  // For the query, an accepted connection continues, so its rejected flows start no connection. So links count records.
  const selection: Selection = {
    action: 'REJECT',
    targets: [at.target.address],
    sourcePorts: replies.sports.slice(0, MOST_PORTS),
    interfaceId: at.target.interface_id,
  };
  const why = asked
    ? 'they answer its own traffic and are not attempts'
    : anyAccepted
      ? 'it had sent nothing there as far as these logs show, so they answer packets that somebody else sent with its address as the source'
      : 'they have the form of answers and are not attempts';
  const from = portWords(
    replies.sport,
    replies.protocol,
    enrichment.portName(replies.protocol, replies.sport),
  );
  return {
    id: `${kind}:${at.target.interface_id ?? '-'}:${at.target.address}`,
    kind,
    score: scoreOf(parts, 0.3),
    score_parts: parts,
    verdict: 'rejected',
    target: at.target,
    target_count: 1,
    ports: [],
    sources,
    source_count: replies.sources,
    attempts,
    counted: 'connections',
    amounts: [],
    first_seen: iso(replies.first),
    last_seen: iso(replies.last),
    coverage: hours.coverage(faces),
    hourly: hourly([replies.active], faces, context),
    query: queryOf(range, { ...selection, sources: sources.map(({ address }) => address) }, [], ['flows']),
    summary: `${at.words} rejected ${count(attempts, asked ? 'late reply' : 'reply', asked ? 'late replies' : 'replies')} from ${outside ? count(replies.sources, 'outside address', 'outside addresses') : count(replies.sources, 'address', 'addresses')}, mostly from ${from} to ephemeral ports: ${why}.`,
    evidence: [
      {
        text: 'Where the replies come from, counted in flow records (a reply repeated in the next aggregation window is another record)',
        query: queryOf(range, selection, [{ field: 'srcport', limit: 20 }, bySource], ['flows']),
      },
      ...(anyAccepted
        ? [
            {
              text: asked
                ? 'What this address sent there before'
                : 'What this address sent there: nothing to the ports that the replies come from',
              query: queryOf(
                range,
                {
                  action: 'ACCEPT',
                  sources: [at.target.address],
                  targets: sources.slice(0, MOST_NAMED).map(({ address }) => address),
                  ports: replies.sports.slice(0, MOST_PORTS),
                },
                [byPort],
                ['flows'],
              ),
            },
          ]
        : [
            {
              text: 'These logs have no accepted flows: so it is unknown whether the address had sent anything before.',
              query: null,
            },
          ]),
    ],
    next_step:
      kind === 'spoofed_backscatter'
        ? 'No action needed: nothing of yours is involved. A flood elsewhere uses your address as its forged source; tell the operator of the sources if it lasts.'
        : 'No action needed, unless there are very many: then a network ACL may lack the rule that allows replies on ports 1024 to 65535.',
  };
}
