import { expect, test } from 'vitest';
import { parseHttp } from './http.ts';

const parse = (text: string) => parseHttp(Buffer.from(text, 'latin1'))?.http;

test('reads a request of curl', () => {
  expect(
    parse(
      'POST /v1/ingest?a=1 HTTP/1.1\r\nHost: metrics.old-tenant.example\r\nUser-Agent: legacy-agent/0.9\r\nAccept: */*\r\nContent-Length: 7\r\n\r\na=b\0<b>',
    ),
  ).toEqual({
    method: 'POST',
    path: '/v1/ingest?a=1',
    version: 'HTTP/1.1',
    host: 'metrics.old-tenant.example',
    user_agent: 'legacy-agent/0.9',
    headers: [
      ['Host', 'metrics.old-tenant.example'],
      ['User-Agent', 'legacy-agent/0.9'],
      ['Accept', '*/*'],
      ['Content-Length', '7'],
    ],
    body: 'a=b\\x00<b>',
  });
});

test('the host of an absolute target takes precedence over the header; CONNECT names a host too', () => {
  expect(parse('GET http://a.example:80/x HTTP/1.1\r\nHost: b.example\r\n\r\n')?.host).toBe('a.example:80');
  expect(parse('CONNECT a.example:443 HTTP/1.1\r\nHost: b.example\r\n\r\n')?.host).toBe('a.example:443');
});

test('reads unusual forms: bare line feeds, folded values, a space in the target, no colon, HTTP/0.9', () => {
  expect(parse('GET / HTTP/1.0\nA: 1\n 2\nHost : h\nstrange\n\nbody')).toMatchObject({
    headers: [
      ['A', '1 2'],
      ['Host ', 'h'],
      ['strange', ''],
    ],
    body: 'body',
  });
  expect(parse('GET /a b HTTP/1.1\r\n\r\n')).toMatchObject({ path: '/a b', version: 'HTTP/1.1' });
  expect(parse('GET /old\r\n')).toMatchObject({ path: '/old', version: '', host: '' });
});

test('terminal escapes and markup become text; a truncated request is read as far as it goes', () => {
  expect(
    parse('GET /\u001b]0;x\u0007<script> HTTP/1.1\r\nUser-Agent: \u001b[2J\r\nHost: half'),
  ).toMatchObject({
    path: '/\\x1b]0;x\\x07<script>',
    user_agent: '\\x1b[2J',
    host: 'half',
    body: '',
  });
});

test('limits the number of headers, the length of values and endless lines', () => {
  const many = parse(`GET / HTTP/1.1\r\n${'X-A: 1\r\n'.repeat(500)}Host: h\r\n\r\n`);
  expect(many?.headers).toHaveLength(64);
  const long = parse(`GET /${'a'.repeat(3_000)} HTTP/1.1\r\nHost: h\r\n\r\n`);
  expect(long).toBeUndefined();
  expect(parse(`GET / HTTP/1.1\r\nA: ${'v'.repeat(9_000)}\r\n\r\n`)?.headers[0]?.[1]).toHaveLength(1_024);
});

test.each([
  'SSH-2.0-x\r\n',
  'hello world\r\n',
  '\u0016\u0003\u0001',
  'GET',
  'GET ',
  ' / HTTP/1.1\r\n',
  'QUIT /\r\n',
])('%j is not HTTP', (text) => {
  expect(parse(text)).toBeUndefined();
});
