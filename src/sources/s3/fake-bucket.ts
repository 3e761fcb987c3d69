import type { Bucket, ListRequest, S3Object } from './s3-bucket.ts';

/** A bucket in memory, for tests: lists as S3 does, in small pages. */
export function fakeBucket(objects: readonly S3Object[], pageSize = 3) {
  const sorted = [...objects].sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)));
  const asked: ListRequest[] = [];
  const bucket: Pick<Bucket, 'list'> = {
    async *list(request) {
      asked.push(request);
      const { prefix, after = null, byFolder = false } = request;
      const folders = new Set<string>();
      const found: S3Object[] = [];
      for (const object of sorted) {
        if (!object.key.startsWith(prefix) || (after !== null && object.key <= after)) continue;
        const slash = object.key.indexOf('/', prefix.length);
        if (byFolder && slash !== -1) folders.add(object.key.slice(0, slash + 1));
        else found.push(object);
      }
      yield { objects: [], folders: [...folders] };
      for (let i = 0; i < found.length; i += pageSize)
        yield { objects: found.slice(i, i + pageSize), folders: [] };
    },
  };
  return { bucket, asked };
}
