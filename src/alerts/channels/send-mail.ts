import { createHash } from 'node:crypto';
import type { Channel } from './channel.ts';

/** Milliseconds that a server has for each step. */
const PATIENCE = 30_000;

/** The content of a mail. */
export interface Mail {
  /** The same for the same mail. */
  readonly key: string;
  readonly title: string;
  readonly lines: readonly string[];
  readonly attachments?: readonly { readonly filename: string; readonly content: Uint8Array }[];
}

/** Sends a mail by SMTP. The same mail has the same Message-ID each time, so that mail programs show it once. */
export async function sendMail(
  { server, from, to }: Channel & { readonly kind: 'mail' },
  { key, title, lines, attachments = [] }: Mail,
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
  const id = createHash('sha256').update(key).digest('hex').slice(0, 32);
  try {
    await transport.sendMail({
      from,
      to: [...to],
      subject: title,
      text: `${lines.join('\n')}\n`,
      attachments: attachments.map(({ filename, content }) => ({ filename, content: Buffer.from(content) })),
      messageId: `<${id}@peephole.invalid>`,
      headers: { 'Auto-Submitted': 'auto-generated' },
    });
  } finally {
    signal.removeEventListener('abort', end);
    transport.close();
  }
}
