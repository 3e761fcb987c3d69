/**
 * A key as S3 writes it in notifications, and in listings with `EncodingType=url`: as in forms, so `+` is a space.
 *
 * @throws URIError if it is not encoded like that
 */
export function decodeKey(encoded: string): string {
  return decodeURIComponent(encoded.replaceAll('+', ' '));
}
