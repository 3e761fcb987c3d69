import { createHash } from 'node:crypto';
import { messageText, type AlertMessage } from '../alert-message.ts';
import type { Channel } from './channel.ts';

/** Milliseconds that a server has for each step. */
const PATIENCE = 30_000;

/** Sends a message by SMTP. The same message has the same Message-ID each time, so that mail programs show it once. */
export async function sendMail(
  { server, from, to }: Channel & { readonly kind: 'mail' },
  message: AlertMessage,
  signal: AbortSignal,
): Promise<void> {
  // Loaded when there is something to send.
  const { createTransport } = await import('nodemailer');
  const transport = createTransport({
    url: server,
    connectionTimeout: PATIENCE,
    greetingTimeout: PATIENCE,
    socketTimeout: PATIENCE,
  });
  const end = (): void => transport.close();
  signal.addEventListener('abort', end, { once: true });
  const { title, lines } = messageText(message);
  const id = createHash('sha256').update(message.key).digest('hex').slice(0, 32);
  try {
    await transport.sendMail({
      from,
      to: [...to],
      subject: title,
      text: `${lines.join('\n')}\n`,
      messageId: `<${id}@peephole.invalid>`,
      headers: { 'Auto-Submitted': 'auto-generated' },
    });
  } finally {
    signal.removeEventListener('abort', end);
    transport.close();
  }
}
