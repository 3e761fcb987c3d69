import { databaseSamples } from './database-samples.ts';
import { loginSamples } from './login-samples.ts';
import { networkSamples } from './network-samples.ts';
import { unrecognizedSamples } from './unrecognized-samples.ts';
import { webSamples } from './web-samples.ts';
import type { ClientSample } from './client-sample.ts';

/** First bytes of clients of every protocol that is recognized, and of some that are not. */
export const clientSamples: readonly ClientSample[] = [
  ...webSamples,
  ...databaseSamples,
  ...loginSamples,
  ...networkSamples,
  ...unrecognizedSamples,
];
