import { describe, expect, it } from 'vitest';
import { documentIdForm } from '../../src/model/document/document.ts';
import { documentIdOf, freeName, sortViews } from './kept-views.ts';

describe('views that the store keeps', () => {
  it('have ids that can be read and that no other has', () => {
    expect(documentIdOf('Rejected: SSH & RDP', [])).toBe('rejected-ssh-rdp');
    expect(documentIdOf('Élan', [{ id: 'elan' }])).toBe('e-lan');
    expect(documentIdOf('日本', [{ id: 'view' }, { id: 'view-2' }])).toBe('view-3');
    for (const name of ['--', 'a'.repeat(200), `${'a'.repeat(47)} b`, '../../etc', '<b>'])
      expect(documentIdOf(name, [{ id: 'a'.repeat(48) }])).toMatch(new RegExp(documentIdForm));
  });

  it('are in the order of their names, and get a name that no other has', () => {
    const views = ['b', 'A', 'a10', 'a9'].map((name) => ({
      id: name,
      version: 1,
      name,
      link: '?',
      original: null,
    }));
    expect(sortViews(views).map(({ name }) => name)).toEqual(['A', 'a9', 'a10', 'b']);
    expect(freeName('a', views)).toBe('a (2)');
    expect(freeName('c', views)).toBe('c');
  });
});
