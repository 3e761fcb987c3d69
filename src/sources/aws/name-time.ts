/**
 * The moment in a name such as `…_20180620T0005Z_…`, as AWS names the files it delivers, in Unix milliseconds; null for
 * other names. https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-path.html
 */
export function timeOfName(path: string): number | null {
  const [, year, month, day, hour, minute] =
    /_(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)Z_/.exec(path)?.map(Number) ?? [];
  return year === undefined ? null : Date.UTC(year, (month ?? 1) - 1, day, hour, minute);
}
