import { Command, Option } from 'commander';
import type { ListenAndShipOptions } from '../listen-and-ship.ts';
import type { ListenOptions } from '../run-listener.ts';
import { runListener } from '../run-listener.ts';

export function listenCommand(): Command {
  return new Command('listen')
    .description('listen on ports, and keep what strangers say first; answers nothing by default')
    .requiredOption('--port <ports...>', 'such as 80, 8000-8010 or udp/53; several times')
    .option(
      '--host <addresses...>',
      'where to listen: 0.0.0.0 and :: for the world (default: 127.0.0.1 and ::1)',
    )
    .option('--store <dir>', 'the folder of the store; visits are written to visits/ in it')
    .addOption(
      new Option('--answer <answer>', 'what HTTP requests are answered with')
        .choices(['none', '404', '503'])
        .default('none'),
    )
    .option(
      '--greet <protocols...>',
      'speak first as a server of ssh, smtp, mysql or ftp does; ssh@2222 at another port',
    )
    .option('--tls', 'complete TLS handshakes with a certificate made at start, and read on')
    .option('--max-connections <n>', 'visits open at once')
    .option('--max-connections-per-source <n>', 'of one IPv4 address or IPv6 /64')
    .option('--max-rate <n>', 'new visits a second that are kept; more are only counted')
    .option('--max-rate-per-source <n>', 'of one IPv4 address or IPv6 /64')
    .option('--max-bytes <size>', 'that a visit may send')
    .option('--max-idle <seconds>', 'without a byte')
    .option('--max-time <seconds>', 'of a visit')
    .option('--max-memory <size>', 'that open visits together may have sent')
    .option('--max-disk <size>', 'of all files of visits; then visits are only counted')
    .option('--drop-oldest', 'remove the oldest files of visits where --max-disk is reached')
    .option('--rotate-size <size>', 'of a file, before the next is begun')
    .option('--rotate-after <seconds>', 'before the next file is begun')
    .option('--ship <destination>', 'copy what is written to s3://BUCKET/PREFIX, by a process of its own')
    .option('--ship-every <seconds>', 'with --ship: between two looks', '60')
    .option('--ship-region <region>', "with --ship: the bucket's region (default: $AWS_REGION)")
    .option('--allow-root', 'start as root all the same')
    .option('--allow-credentials', 'start where AWS credentials can be read all the same')
    .option('--json', 'print each visit as it is written, a JSON object a line')
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
