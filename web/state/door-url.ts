import type { DoorView } from '../data/use-door.ts';

/** The query string of the Door page, parsed; invalid parts are ignored. */
export function readDoorUrl(search: string): DoorView {
  const params = new URLSearchParams(search);
  const port = params.get('port');
  const source = params.get('source');
  return {
    port: port !== null && /^[0-9]{1,5}$/.test(port) && Number(port) <= 65_535 ? Number(port) : null,
    source: source !== null && /^[0-9a-f:.]{2,45}$/i.test(source) ? source : null,
  };
}

/** Its query string. */
export function writeDoorUrl({ port, source }: DoorView): string {
  const params = new URLSearchParams();
  if (port !== null) params.set('port', String(port));
  if (source !== null) params.set('source', source);
  const search = params.toString();
  return search === '' ? '' : `?${search}`;
}
