import type { Tile } from '../../src/model/dashboard/dashboard.ts';

export const kindNames: Readonly<Record<Tile['kind'], string>> = {
  view: 'Chart over time',
  figure: 'Figure',
  list: 'List of top values',
  text: 'Text',
  findings: 'Findings',
  sources: 'Sources',
};
