import { PeepholeError } from '../../model/errors.ts';

/** A log group, as somebody named it. */
export interface LogGroupName {
  readonly name: string;
  /** Where it was named by its ARN. */
  readonly arn: { readonly text: string; readonly region: string; readonly account: string } | null;
}

// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html
const NAME = /^[.\-_/#A-Za-z0-9]{1,512}$/;
const ARN = /^(arn:[a-z-]+:logs:([a-z0-9-]+):(\d{12}):log-group:([^:*]*))(?::\*)?$/;

/** Reads `LOG-GROUP` or the ARN of one, with or without `:*` at its end. @throws PeepholeError `usage` */
export function parseLogGroup(text: string): LogGroupName {
  const [, arn, region, account, inArn] = ARN.exec(text) ?? [];
  const name = inArn ?? text;
  if (!NAME.test(name))
    throw new PeepholeError(
      'usage',
      `${text === '' ? 'Nothing' : text} is not the name of a log group: give cloudwatch:LOG-GROUP, or cloudwatch: and the group's ARN.`,
    );
  return {
    name,
    arn: arn === undefined ? null : { text: arn, region: region ?? '', account: account ?? '' },
  };
}
