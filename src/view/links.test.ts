import { describe, expect, it } from 'vitest';
import { queryField } from '../model/query/query-field.ts';
import links from './links.json' with { type: 'json' };
import { readUrl, writeUrl } from './url.ts';
import { defaultView } from './view.ts';
import { shownVisualization } from './visualization.ts';

const vocabulary = (name: string): 'text' | 'other' | null => {
  const type = queryField(name)?.type;
  if (type === undefined) return null;
  return type === 'text' || type === 'address' ? 'text' : 'other';
};

// Links that people have saved. Never remove or change one; add one for each new kind of link.
describe('links that must keep working', () => {
  it.each(links)('$link', ({ link, fields }) => {
    const { view, notices } = readUrl(link, defaultView('Etc/UTC'), vocabulary);
    expect(notices).toEqual([]);
    expect({
      filters: view.filters.map((clause) => `${clause.field}${clause.not ? ' not' : ''} ${clause.kind}`),
      splits: view.splits.map((split) => split.field),
      time: view.time.kind,
      shows: shownVisualization(view),
    }).toEqual(fields);
    // Written again, it still has the same meaning.
    const again = readUrl(writeUrl(view, vocabulary), defaultView('Etc/UTC'), vocabulary);
    expect(again).toEqual({ view, notices: [] });
    const said = new URLSearchParams(link);
    const written = new URLSearchParams(writeUrl(view, vocabulary));
    for (const name of new Set(said.keys())) {
      if (name !== 'split') expect(written.getAll(name)).toEqual(said.getAll(name));
    }
  });
});
