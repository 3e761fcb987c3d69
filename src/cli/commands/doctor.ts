import { existsSync } from 'node:fs';
import { mkdtemp, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { Command } from 'commander';
import pc from 'picocolors';
import { pageFolder } from '../../api/page-folder.ts';
import { version } from '../../system/version.ts';
import { formatBytes } from '../../model/byte-text.ts';
import { memoryLimit, shareMemory } from '../byte-size.ts';
import { DEFAULT_ENGINE, storeDriver } from '../engines.ts';
import { isStore, serviceFor, withCommonOptions, type CommonOptions } from '../common-options.ts';
import { plural } from '../messages.ts';
import { safeText } from '../../model/safe-text.ts';
import { storeFolder } from '../store-location.ts';

type Check = readonly [name: string, check: () => Promise<string> | string];

/** Below this much free space there is a warning: compaction and spilling need some. */
const LITTLE_SPACE = 2e9;

export function doctorCommand(): Command {
  return withCommonOptions(new Command('doctor'))
    .description('check the installation: program, memory, engine, page, store, disk')
    .action(async (options: CommonOptions) => {
      let failed = 0;
      for (const [name, check] of checks(options)) {
        try {
          process.stdout.write(`${pc.green('✓')} ${name.padEnd(12)} ${await check()}\n`);
        } catch (error) {
          failed++;
          process.stdout.write(`${pc.red('✗')} ${name.padEnd(12)} ${safeText((error as Error).message)}\n`);
        }
      }
      process.exitCode = failed === 0 ? 0 : 1;
    });
}

function checks(options: CommonOptions): readonly Check[] {
  const folder = storeFolder(options.store);
  return [
    [
      'Program',
      () => `Peephole ${version} on Node ${process.versions.node}, ${process.platform} ${process.arch}`,
    ],
    ['Memory', () => `limit ${formatBytes(memoryLimit(options.memory))} of ${formatBytes(totalmem())}`],
    ['Engine', selfTest],
    [
      'Page',
      () => pageFolder() ?? fail('the page is missing from this installation: build or install again'),
    ],
    ['Store', () => checkStore(options)],
    ['Disk', () => checkDisk(folder)],
  ];
}

/** Ingests one record into a store of its own, and queries it. */
async function selfTest(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'peephole-doctor-'));
  const { SharedService } = await import('../../service/shared-service.ts');
  const service = new SharedService({
    driver: await storeDriver(DEFAULT_ENGINE),
    folder: join(folder, 'store'),
    memoryBytes: shareMemory(512 * 1024 ** 2).engine,
    threads: 1,
  });
  try {
    const file = join(folder, 'one.log');
    await writeFile(
      file,
      '2 123456789012 eni-1 203.0.113.9 10.0.0.1 40000 80 6 3 180 1529452800 1529452860 REJECT OK\n',
    );
    await service.ingest({ names: [file], cwd: folder, format: null });
    const answer = await service.query({ measures: ['rejected_flows'] });
    if (answer.rows[0]?.[0] !== 1)
      fail(`a record was written and not found again: ${JSON.stringify(answer.rows)}`);
    return 'DuckDB writes and reads';
  } finally {
    await service.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function checkStore(options: CommonOptions): Promise<string> {
  const folder = storeFolder(options.store);
  if (!(await isStore(folder, options))) return `none in ${folder} yet; peephole ingest creates one`;
  const service = await serviceFor(options);
  try {
    const role = await service.open();
    const status = await service.status();
    const held = role === 'client' ? ', in use by another process; requests are forwarded' : '';
    return `${status.folder}: ${plural(status.flows, 'flow')}${held}`;
  } finally {
    await service.close();
  }
}

async function checkDisk(folder: string): Promise<string> {
  const { bavail, bsize } = await statfs(existingPart(folder));
  const free = bavail * bsize;
  return free < LITTLE_SPACE
    ? fail(`only ${formatBytes(free)} free on the disk of the store`)
    : `${formatBytes(free)} free`;
}

/** The folder, or if it does not exist yet, the existing part of its path. */
function existingPart(folder: string): string {
  return existsSync(folder) || dirname(folder) === folder ? folder : existingPart(dirname(folder));
}

function fail(message: string): never {
  throw new Error(message);
}
