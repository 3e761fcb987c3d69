/** A method of ingesting flow logs: a command, and what it needs. */
export interface IngestMethod {
  readonly title: string;
  readonly command: string;
  /** Text between backticks is typed literally. */
  readonly needs: string;
}

/** How to ingest flow logs, the simplest first. Each works while the server is running. */
export const ingestMethods: readonly IngestMethod[] = [
  {
    title: 'A folder',
    command: 'peephole ingest path/to/AWSLogs/',
    needs:
      'On the server’s machine, once. `peephole ingest --follow` continues with files that are added later.',
  },
  {
    title: 'An AWS account',
    command: 'peephole ingest aws: --last P1D',
    needs:
      'Finds the account’s flow logs and reads them all, with the credentials of the AWS command line. `peephole aws` only shows them.',
  },
  {
    title: 'Amazon S3',
    command: 'peephole ingest --follow s3://my-flow-logs/AWSLogs/',
    needs:
      'Credentials that may list the bucket and get its objects; `peephole aws policy` prints the policy.',
  },
  {
    title: 'CloudWatch Logs',
    command: 'peephole ingest --follow cloudwatch:/vpc/flow-logs --last PT1H',
    needs: 'Credentials with `logs:FilterLogEvents` on the log group.',
  },
  {
    title: 'Kafka',
    command: 'peephole ingest --follow kafka:flow-logs --brokers localhost:9092',
    needs:
      'A topic whose messages are flow logs; TLS and logins by variables such as `KAFKA_SASL_MECHANISM`.',
  },
  {
    title: 'Amazon Data Firehose',
    command: 'PEEPHOLE_FIREHOSE_KEY=$(openssl rand -hex 32) peephole serve',
    needs:
      'Instead of this server: the key is the stream’s access key, and a proxy with a public certificate passes `/api/v1/firehose` to it.',
  },
  {
    title: 'A demo',
    command: 'peephole demo --port 0',
    needs: 'The logs of a simulated company, stored separately and opened at an address of its own.',
  },
];
