import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { Option, type Command } from 'commander';
import pc from 'picocolors';
import type { createApp } from '../api/app.ts';
import { isLoopback } from '../api/host-check.ts';
import { PeepholeError } from '../model/errors.ts';
import type { SharedService } from '../service/shared-service.ts';
import { removeStaleSpools } from '../sources/files/spool-folder.ts';
import { parseByteSize } from './byte-size.ts';
import { withTimeLimit } from './common-options.ts';
import { compileEarly } from './compile-early.ts';
import type { Config, ConfiguredKnocks } from './config/config.ts';
import { mergeKnocks, readKnocksOptions, withKnocksOptions, type KnocksOptions } from './knocks-options.ts';
import type { Messages } from './messages.ts';
import { DocumentReader } from './run-documents.ts';
import { reportRunner } from './run-reports.ts';
import { alertRunner } from './run-alerts.ts';
import { wholeNumber } from './whole-number.ts';

/** The part of a configuration that is about the server itself. */
type ServerConfig = Pick<Config, 'knocks' | 'channels' | 'reports' | 'url' | 'documents'>;

export interface ServerOptions extends KnocksOptions {
  readonly host: string;
  readonly port: string;
  readonly allowHost?: readonly string[];
  readonly maxUpload: string;
  readonly frameOrigin?: readonly string[];
  readonly documents?: string;
}

/** Adds the options of commands that serve. */
export function withServerOptions(command: Command): Command {
  return withKnocksOptions(withTimeLimit(command, '60'))
    .option(
      '--host <address>',
      'address to listen on; any but loopback requires a token ($PEEPHOLE_TOKEN)',
      '127.0.0.1',
    )
    .option('--port <number>', 'port to listen on; 0 picks a free port', '4747')
    .option('--max-upload <size>', 'largest file that the page or the HTTP interface may send', '4GiB')
    .option(
      '--documents <dir>',
      'a folder of dashboards, alerts, views and measures as their export writes them (DIR/dashboards/ID.json, …), read again when they change',
    )
    .addOption(new Option('--allow-host <name...>', 'further host names of this server'))
    .addOption(
      new Option(
        '--frame-origin <origin...>',
        'sites whose pages may show /embed in a frame, such as https://wiki.example.com',
      ),
    );
}

/**
 * The HTTP side; other commands start faster without it. A command that will serve calls it first, so that it is read
 * and compiled while the store is being opened.
 */
export function loadApp(): Promise<{ readonly createApp: typeof createApp }> {
  return import('../api/app.ts');
}

/**
 * Serves until `signal` is aborted. Prints the address on stdout once it answers.
 * @param configured what the configuration says at the moment; null: there is none
 */
export async function runServer(
  service: SharedService,
  options: ServerOptions,
  signal: AbortSignal,
  messages: Messages,
  configured: () => ServerConfig | null = () => null,
): Promise<void> {
  const port = wholeNumber('--port', options.port, 65_535);
  const frameOrigins = (options.frameOrigin ?? []).map(checkOrigin);
  const mostUploadBytes = parseByteSize(options.maxUpload);
  const given = await readKnocksOptions(options);
  const knocksSettings = (): ConfiguredKnocks => mergeKnocks(configured()?.knocks ?? null, given);
  const loopback = isLoopback(options.host);
  const chosen = variable('PEEPHOLE_TOKEN');
  const token = chosen ?? (loopback ? null : randomBytes(18).toString('base64url'));
  let address = '';
  const alerts = alertRunner(service, {
    messages,
    knocksSettings,
    channels: () => configured()?.channels ?? [],
    url: () => configured()?.url ?? address,
  });
  const reports = reportRunner(service, {
    messages,
    knocksSettings,
    channels: () => configured()?.channels ?? [],
    reports: () => configured()?.reports ?? [],
  });
  const folder = options.documents === undefined ? null : resolve(options.documents);
  const documents = new DocumentReader(service, () => folder ?? configured()?.documents ?? null, messages);
  const http = await loadApp();
  const app = await http.createApp({
    service,
    hosts: loopback ? new Set((options.allowHost ?? []).map((name) => name.toLowerCase())) : null,
    token,
    firehoseKey: variable('PEEPHOLE_FIREHOSE_KEY'),
    mostUploadBytes,
    knocksSettings,
    alerts,
    frameOrigins,
  });
  const ending = new AbortController();
  const running: Promise<unknown>[] = [];
  let endMaintenance: (() => Promise<void>) | null = null;
  try {
    address = await app.listen({ host: options.host, port }).catch((error: unknown) => {
      throw listenError(error as NodeJS.ErrnoException, options.host, port);
    });
    endMaintenance = service.maintain();
    // Before alerts are evaluated, since some are in the folder.
    await documents.look();
    address = new URL(address).origin;
    running.push(documents.run(ending.signal));
    if (!(await service.status()).read_only)
      running.push(alerts.run(ending.signal), reports.run(ending.signal));
    // Remove uploads that a killed server had received. Nothing waits for this.
    void removeStaleSpools();
    if (token === null && options.allowHost !== undefined)
      messages.warn(
        'Whoever reaches this server by the names of --allow-host may see and change everything: it asks for no token. Set PEEPHOLE_TOKEN to ask for one, unless the proxy in front of it asks who comes.',
      );
    if (token !== null && chosen === null) {
      // Printed even with --quiet: without it nobody can log in.
      process.stderr.write(
        `Visitors need this token as their password (set PEEPHOLE_TOKEN to choose it): ${pc.bold(token)}\n`,
      );
    }
    process.stdout.write(`${address}/\n`);
    compileEarly();
    const asks = chosen === null ? '' : ' It asks for PEEPHOLE_TOKEN as the password, with any user name.';
    messages.say(pc.dim(`Open it in a browser.${asks} Ctrl-C ends.`));
    if (!signal.aborted) await once(signal, 'abort');
  } finally {
    ending.abort();
    await Promise.all(running);
    await endMaintenance?.();
    await app.close();
  }
}

/** A variable of the environment; an empty one is none. */
function variable(name: string): string | null {
  const value = process.env[name];
  return value === undefined || value === '' ? null : value;
}

/** An origin: a scheme and a host, nothing else, since it becomes a part of the page's policy. */
function checkOrigin(text: string): string {
  if (/^https?:\/\/[a-z0-9.-]+(?::\d{1,5})?$/i.test(text) && URL.canParse(text)) return new URL(text).origin;
  throw new PeepholeError(
    'usage',
    `--frame-origin takes origins such as https://wiki.example.com, not ${JSON.stringify(text)}.`,
  );
}

function listenError(error: NodeJS.ErrnoException, host: string, port: number): PeepholeError {
  switch (error.code) {
    case 'EADDRINUSE':
      return new PeepholeError(
        'usage',
        `Port ${port} is taken. Choose another with --port, or --port 0 for any.`,
      );
    case 'EACCES':
      return new PeepholeError('usage', `Port ${port} may not be used by this user; choose one above 1023.`);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new PeepholeError('usage', `${host} is not an address of this machine.`);
    default:
      return new PeepholeError('usage', `Listening on ${host}:${port} failed: ${error.message}`);
  }
}
