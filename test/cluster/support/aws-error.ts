import type { IncomingHttpHeaders } from 'node:http';

/** An error as the service would write it that a request is for: JSON, EC2's XML, or S3's. */
export function awsError(
  headers: IncomingHttpHeaders,
  code: string,
): { readonly type: string; readonly text: string } {
  const message = `${code}, on purpose`;
  if (headers['x-amz-target'] !== undefined)
    return { type: 'application/x-amz-json-1.1', text: JSON.stringify({ __type: code, message }) };
  const error = `<Code>${code}</Code><Message>${message}</Message>`;
  const xml = '<?xml version="1.0" encoding="UTF-8"?>\n';
  return (headers['content-type'] ?? '').includes('x-www-form-urlencoded')
    ? {
        type: 'text/xml',
        text: `${xml}<Response><Errors><Error>${error}</Error></Errors><RequestID>1</RequestID></Response>`,
      }
    : { type: 'application/xml', text: `${xml}<Error>${error}<RequestId>1</RequestId></Error>` };
}
