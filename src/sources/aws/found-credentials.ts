import type { SourceRequest } from '../source.ts';

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

/** What the SDK asks for credentials, with what it knows of the client that needs them. */
export type CredentialProvider = (client?: Record<string, unknown>) => Promise<AwsCredentials>;

/**
 * Finds credentials where AWS's command line does: profiles, single sign-on, the role of the machine. The SDK by itself
 * would read the files of profiles once and never again: somebody may write new credentials there when the old ones expire.
 */
export function foundCredentials({ environment }: SourceRequest, profile: string | null): CredentialProvider {
  const filepath = environment['AWS_SHARED_CREDENTIALS_FILE'] ?? '';
  const configFilepath = environment['AWS_CONFIG_FILE'] ?? '';
  return async (client) => {
    const { defaultProvider } = await import('@aws-sdk/credential-provider-node');
    const find = defaultProvider({
      ignoreCache: true,
      ...(profile === null ? {} : { profile }),
      ...(filepath === '' ? {} : { filepath }),
      ...(configFilepath === '' ? {} : { configFilepath }),
    });
    return find(client);
  };
}
