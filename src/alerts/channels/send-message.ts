import { createHmac } from 'node:crypto';
import { messageText, type AlertMessage } from '../alert-message.ts';
import type { Channel } from './channel.ts';
import { postBody } from './post-json.ts';
import { sendMail } from './send-mail.ts';

/** Sends a message; resolves once the receiver accepted it. Rejects with an Error whose message has the reason. */
export async function sendMessage(
  channel: Channel,
  message: AlertMessage,
  signal: AbortSignal,
): Promise<void> {
  switch (channel.kind) {
    case 'mail':
      return sendMail(channel, { key: message.key, ...messageText(message) }, signal);
    case 'slack':
      return postBody(channel.url, JSON.stringify({ text: slackText(message) }), {}, signal);
    case 'webhook':
      return sendWebhook(channel, message, signal);
    case 'pagerduty': {
      const event = pagerDutyEvent(channel.routingKey, message);
      return event === null ? undefined : postBody(channel.url, JSON.stringify(event), {}, signal);
    }
  }
}

/** The signature covers the time and the body, so that neither can be changed or replayed later (docs/alerts.md). */
async function sendWebhook(
  { url, secret }: Channel & { readonly kind: 'webhook' },
  message: AlertMessage,
  signal: AbortSignal,
): Promise<void> {
  const body = JSON.stringify(message);
  const time = String(Math.floor(Date.now() / 1000));
  const headers = { 'idempotency-key': message.key };
  if (secret === null) return postBody(url, body, headers, signal);
  const signature = createHmac('sha256', secret).update(`${time}.${body}`).digest('hex');
  return postBody(url, body, { ...headers, 'x-peephole-signature': `t=${time},v1=${signature}` }, signal);
}

/** https://api.slack.com/reference/surfaces/formatting: three characters have a meaning. */
function slackText(message: AlertMessage): string {
  const { title, lines } = messageText(message);
  const escaped = (text: string): string =>
    text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return [`*${escaped(title).replaceAll('*', '')}*`, ...lines.map(escaped)].join('\n');
}

/**
 * https://developer.pagerduty.com/docs/events-api-v2/trigger-events: one incident an alert, until none of its series fires,
 * and one of its own while it can't be evaluated. What is never resolved (a new value) is a new incident each time. Null: it
 * changes no incident. That some series ended while others fire is no event that PagerDuty has: a trigger would open an
 * incident again that somebody has resolved.
 */
function pagerDutyEvent(routingKey: string, message: AlertMessage): Readonly<Record<string, unknown>> | null {
  const { title, lines } = messageText(message);
  const isError = message.state === 'error' || (message.state === 'ok' && message.row_count === 0);
  const over = message.state === 'ok' && (isError || message.firing === 0);
  if (message.state === 'ok' && !over) return null;
  const about = isError ? `${message.alert.id}/error` : message.resolves ? message.alert.id : message.key;
  return {
    routing_key: routingKey,
    event_action: over ? 'resolve' : 'trigger',
    dedup_key: `peephole/${about}`,
    payload: {
      summary: title.slice(0, 1024),
      source: 'peephole',
      severity: message.state === 'firing' ? 'error' : message.state === 'error' ? 'warning' : 'info',
      timestamp: message.at,
      custom_details: { lines, ...message },
    },
    links: [{ href: message.link, text: 'Open in Peephole' }],
  };
}
