import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { createCommands, quoted } from './new-flow-log.ts';
import { RECOMMENDED_FORMAT, isDefaultFormat, missingFields } from './useful-fields.ts';

test('commands have all options, each for up to 25 VPCs', () => {
  const vpcs = Array.from({ length: 26 }, (_, i) => `vpc-${i}`);
  const [first = '', second = '', ...more] = createCommands('eu-west-1', vpcs, 'arn:aws:s3:::flows/a');
  expect(more).toEqual([]);
  expect(first).toContain('--resource-ids vpc-0 vpc-1');
  expect(second.replaceAll(' \\\n ', '')).toBe(
    `aws ec2 create-flow-logs --region eu-west-1 --resource-type VPC --resource-ids vpc-25 --traffic-type ALL --max-aggregation-interval 60 --log-destination-type s3 --log-destination arn:aws:s3:::flows/a --destination-options FileFormat=plain-text,HiveCompatiblePartitions=false,PerHourPartition=true --log-format '${RECOMMENDED_FORMAT}'`,
  );
});

test('a command for transit gateways has no traffic type and no format, which they do not accept', () => {
  const [only = ''] = createCommands('eu-west-1', ['tgw-1'], 'arn:aws:s3:::flows/a', 'TransitGateway');
  expect(only.replaceAll(' \\\n ', '')).toBe(
    'aws ec2 create-flow-logs --region eu-west-1 --resource-type TransitGateway --resource-ids tgw-1 --max-aggregation-interval 60 --log-destination-type s3 --log-destination arn:aws:s3:::flows/a --destination-options FileFormat=plain-text,HiveCompatiblePartitions=false,PerHourPartition=true',
  );
});

test
  .runIf(process.platform !== 'win32')
  .each(['a b', "it's", '$(id)', '`id`', '', 'a\nb', RECOMMENDED_FORMAT])(
  'a shell reads %j back as one word',
  (word) => {
    expect(execFileSync('sh', ['-c', `printf %s ${quoted(word)}`]).toString()).toBe(word);
  },
);

test('the recommended format lacks no field, the default format lacks all recommended ones', () => {
  expect(missingFields('vpc-1', RECOMMENDED_FORMAT)).toEqual([]);
  const standard =
    '${version} ${account-id} ${interface-id} ${srcaddr} ${dstaddr} ${srcport} ${dstport} ${protocol} ${packets} ${bytes} ${start} ${end} ${action} ${log-status}';
  expect(isDefaultFormat(standard)).toBe(true);
  expect(isDefaultFormat(`${standard} \${vpc-id}`)).toBe(false);
  expect(RECOMMENDED_FORMAT.startsWith(`${standard} `)).toBe(true);
  expect(missingFields('vpc-1', `${standard} \${vpc-id}`).map(({ field }) => field)).toEqual(
    RECOMMENDED_FORMAT.slice(standard.length)
      .split(' ')
      .map((field) => field.slice(2, -1))
      .filter((field) => field !== '' && field !== 'vpc-id'),
  );
  expect(missingFields('tgw-1', standard)).toEqual([]);
});
