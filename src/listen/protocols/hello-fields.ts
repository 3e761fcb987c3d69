/** The fields of a ClientHello that are shown or in a fingerprint, as numbers of its registries. */
export interface HelloFields {
  readonly legacyVersion: number;
  readonly ciphers: readonly number[];
  readonly extensions: readonly number[];
  readonly supportedVersions: readonly number[];
  readonly signatureAlgorithms: readonly number[];
  readonly alpn: readonly Buffer[];
  readonly serverName: Buffer | null;
}
