import type { AccountFlowLog } from './flow-log.ts';

/** A source of an account, to be read as its flow log writes it. */
export interface AccountSource {
  readonly name: string;
  readonly options: { readonly format: string | null; readonly region: string };
}

/**
 * The sources that hold flow logs, each place once: places that several flow logs share, or that lie below another
 * one, are not repeated. Lines of log groups have no header: they get the flow log's format, if all of the group have
 * one.
 */
export function accountSources(logs: readonly AccountFlowLog[]): readonly AccountSource[] {
  const names = [...new Set(logs.flatMap(({ source }) => source ?? []))];
  return names
    .filter((name) => !names.some((other) => isBelow(name, other)))
    .map((name) => {
      const writers = logs.filter(({ source }) => source === name);
      const { format = '', region = '' } = writers[0] ?? {};
      const hasOne =
        name.startsWith('cloudwatch:') && format !== '' && writers.every((log) => log.format === format);
      return { name, options: { format: hasOne ? format : null, region } };
    });
}

function isBelow(name: string, other: string): boolean {
  const folder = other.endsWith('/') ? other : `${other}/`;
  return name !== other && name.startsWith('s3://') && name.startsWith(folder);
}
