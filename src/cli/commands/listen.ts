import { Command, Option } from 'commander';
import type { ListenAndShipOptions } from '../listen-and-ship.ts';
import type { ListenOptions } from '../run-listener.ts';
import { runListener } from '../run-listener.ts';

export function listenCommand(): Command {
  return new Command('listen')
    .description('listen on ports, and keep what strangers say first; answers nothing by default')
    .requiredOption('--port <ports...>', 'ports, such as 80, 8000-8010 or udp/53; may be repeated')
    .option(
      '--host <addresses...>',
      'addresses to listen on; 0.0.0.0 and :: for all (default: 127.0.0.1 and ::1)',
    )
    .option('--store <dir>', 'the folder of the store; visits are written to visits/ in it')
    .addOption(
      new Option('--answer <answer>', 'the answer to HTTP requests')
        .choices(['none', '404', '503'])
        .default('none'),
    )
    .option(
      '--greet <protocols...>',
      'speak first as a server of ssh, smtp, mysql or ftp does; ssh@2222 at another port',
    )
    .option('--tls', 'complete TLS handshakes with a certificate made at start, and read what follows')
    .option('--max-connections <n>', 'visits open at once')
    .option('--max-connections-per-source <n>', 'visits open at once from one IPv4 address or IPv6 /64')
    .option('--max-rate <n>', 'new visits per second that are kept; more are only counted')
    .option('--max-rate-per-source <n>', 'new visits per second from one IPv4 address or IPv6 /64')
    .option('--max-bytes <size>', 'bytes that a visit may send')
    .option('--max-idle <seconds>', 'seconds without a byte after which a visit ends')
    .option('--max-time <seconds>', 'seconds after which a visit ends')
    .option('--max-memory <size>', 'bytes of all open visits together')
    .option('--max-disk <size>', 'bytes of all files of visits; beyond it visits are only counted')
    .option('--drop-oldest', 'remove the oldest files of visits when --max-disk is reached')
    .option('--rotate-size <size>', 'bytes of a file, before the next one begins')
    .option('--rotate-after <seconds>', 'seconds before the next file begins')
    .option('--ship <destination>', 'copy the visits to s3://BUCKET/PREFIX, in a separate process')
    .option('--ship-every <seconds>', 'with --ship: seconds between two checks', '60')
    .option('--ship-region <region>', "with --ship: the bucket's region (default: $AWS_REGION)")
    .option('--allow-root', 'start even as root')
    .option('--allow-credentials', 'start even if AWS credentials can be read')
    .option('--json', 'print each visit when it is written, as one line of JSON')
    .option('--quiet', 'print errors only')
    .action(async ({ ship, ...options }: ListenOptions & Partial<ListenAndShipOptions>) => {
      if (ship === undefined) await runListener(options);
      else {
        // Loaded here alone: the process that strangers talk to has nothing of it.
        const { listenAndShip } = await import('../listen-and-ship.ts');
        await listenAndShip({ shipEvery: '60', ...options, ship });
      }
    });
}
