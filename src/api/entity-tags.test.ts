import { expect, test } from 'vitest';
import { DocumentStore } from '../documents/document-store.ts';
import type { DocumentKind, ExpectedVersion } from '../model/document/document.ts';
import { serviceOf } from '../../test/support/service-of.ts';
import { useTempFolder } from '../../test/support/temp-folder.ts';
import { nothing, useApp } from '../../test/support/use-app.ts';

const temp = useTempFolder();
const appWith = useApp();

test('documents carry their version as ETag, and changes name the version that they are for', async () => {
  const kept = new DocumentStore(temp.path, false);
  const service = {
    ...serviceOf(nothing),
    documents: (kind: DocumentKind) => kept.list(kind),
    document: (kind: DocumentKind, id: string, version?: number) => kept.get(kind, id, version),
    documentVersions: (kind: DocumentKind, id: string) => kept.versions(kind, id),
    putDocument: (kind: DocumentKind, id: string, content: unknown, expected: ExpectedVersion) =>
      kept.put(kind, id, content, expected),
    deleteDocument: (kind: DocumentKind, id: string, expected: ExpectedVersion) =>
      kept.delete(kind, id, expected),
  };
  const server = await appWith(nothing, { service });
  const url = '/api/v1/views/ssh';
  const ask = async (
    method: 'GET' | 'PUT' | 'DELETE',
    headers: Readonly<Record<string, string>> = {},
    name?: string,
  ): Promise<readonly [status: number, tag: unknown]> => {
    const payload = name === undefined ? {} : { payload: { name, link: '?v=1' } };
    const reply = await server.inject({ method, url, headers, ...payload });
    return [reply.statusCode, reply.headers.etag];
  };
  expect(await ask('GET')).toEqual([404, undefined]);
  expect(await ask('PUT', { 'if-match': '*' }, 'SSH')).toEqual([412, undefined]);
  expect(await ask('PUT', { 'if-none-match': '*' }, 'SSH')).toEqual([201, '"1"']);
  expect(await ask('PUT', { 'if-none-match': '*' }, 'Other')).toEqual([412, undefined]);
  expect(await ask('GET')).toEqual([200, '"1"']);
  expect(await ask('GET', { 'if-none-match': 'W/"1"' })).toEqual([304, '"1"']);
  expect(await ask('PUT', { 'if-match': '"1"' }, 'SSH from outside')).toEqual([200, '"2"']);
  expect(await ask('PUT', { 'if-match': '"1"' }, 'Lost')).toEqual([412, undefined]);
  expect(await ask('PUT', { 'if-match': '"x"' }, 'Lost')).toEqual([412, undefined]);
  expect(await ask('PUT', { 'if-none-match': '"2"' }, 'Lost')).toEqual([400, undefined]);
  expect(await ask('PUT', {}, ' ')).toEqual([400, undefined]);
  expect(await ask('PUT', {}, 'Without a condition')).toEqual([200, '"3"']);
  expect(await ask('DELETE', { 'if-match': '"2"' })).toEqual([412, undefined]);
  expect(await ask('DELETE', { 'if-match': '"3"' })).toEqual([204, undefined]);
  expect((await server.inject('/api/v1/views')).json()).toEqual([]);
  expect((await server.inject(`${url}?version=2`)).json()).toMatchObject({
    version: 2,
    content: { name: 'SSH from outside' },
  });
  expect((await server.inject(`${url}/versions`)).json()).toHaveLength(4);
  expect((await server.inject({ method: 'PUT', url: '/api/v1/views/..%2Fx', payload: {} })).statusCode).toBe(400); // prettier-ignore
  const foreign = await ask('DELETE', { 'sec-fetch-site': 'cross-site' });
  expect(foreign).toEqual([403, undefined]);
});
