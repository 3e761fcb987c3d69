import { PeepholeError } from '../../model/errors.ts';
import { safeText } from '../../model/safe-text.ts';
import { awsClientConfig } from '../aws/client-config.ts';
import type { SourceRequest } from '../source.ts';
import { mskToken } from './msk-token.ts';

/** As brokers of Amazon MSK are called, with the region that they are in. */
const MSK = /\.kafka(?:-serverless)?\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?:\d+$/;

/**
 * Makes tokens for a log-in at Amazon MSK with the credentials that are used for AWS everywhere; they are renewed before
 * they end. The region is what was asked for, else that in the brokers' names.
 */
export function awsTokens(request: SourceRequest, brokers: readonly string[]): () => Promise<string> {
  const region = request.options.region ?? MSK.exec(brokers[0] ?? '')?.[1];
  const loaded = (async () => {
    const { STSClient } = await import('@aws-sdk/client-sts');
    // Nothing is asked of the service: its client finds credentials, and keeps them as long as they hold.
    const config = awsClientConfig(request, 'STS');
    return new STSClient({ ...config, ...(region === undefined ? {} : { region }) });
  })();
  loaded.catch(() => undefined);
  return async () => {
    try {
      const { config } = await loaded;
      return await mskToken(await config.region(), await config.credentials());
    } catch (error) {
      if (error instanceof PeepholeError) throw error;
      throw new PeepholeError(
        'source_refused',
        `No AWS credentials or region for the log-in at Kafka: ${safeText((error as Error).message)} Set KAFKA_SASL_TOKEN if it is not Amazon MSK.`,
        {},
        { cause: error },
      );
    }
  };
}
