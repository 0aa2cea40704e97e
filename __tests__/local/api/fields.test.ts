import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ApiError } from '../../../src/local/api/errors.ts';
import { readFields, selected, wants } from '../../../src/local/api/fields.ts';

const answer = { kind: 'k', next: 't', items: [{ name: 'a', size: '1', acl: { role: 'r' } }, { name: 'b' }] };

describe('fields', () => {
  it.each([
    ['', answer],
    ['*', answer],
    ['kind', { kind: 'k' }],
    ['kind, next', { kind: 'k', next: 't' }],
    ['items/name', { items: [{ name: 'a' }, { name: 'b' }] }],
    ['items(name,size)', { items: [{ name: 'a', size: '1' }, { name: 'b' }] }],
    ['items(name,acl/role),kind', { kind: 'k', items: [{ name: 'a', acl: { role: 'r' } }, { name: 'b' }] }],
    ['items/name,items/size', { items: [{ name: 'a', size: '1' }, { name: 'b' }] }],
    ['items,items/name', { items: answer.items }],
    ['items/*', { items: answer.items }],
    ['nothing', {}],
  ])('%s', (text, expected) => {
    expect(selected(answer, readFields(text))).toEqual(expected);
  });

  it.each(['items(', 'items(name', 'items)', ',', 'a,,b', '/', 'a/', 'a b(', 'a"'])('refuses %s', (text) => {
    expect(() => readFields(text)).toThrow(/^Invalid field selection/);
  });

  it.each<[string, string]>([
    ['brackets', `${'a('.repeat(4000)}a${')'.repeat(4000)}`],
    ['brackets that are not closed', 'a('.repeat(4000)],
    ['slashes', `${'a/'.repeat(8000)}a`],
  ])('refuses %s without end', (_name, text) => {
    expect(() => readFields(text)).toThrow(ApiError);
  });

  it('takes a list without end, which is not deep', () => {
    expect(wants(readFields(Array(5000).fill('a/b(c)').join(',')), 'a', 'b', 'c')).toBe(true);
  });

  it('reads or refuses any text, and never breaks', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', 'b', '/', '(', ')', ',', '*', ' ', '"') }), (text) => {
        try {
          selected(answer, readFields(text));
        } catch (error) {
          expect(error).toBeInstanceOf(ApiError);
        }
      }),
    );
  });

  it.each([
    ['', true],
    ['items', true],
    ['items(name)', false],
    ['items(md5Hash)', true],
    ['kind', false],
  ])('%s may want the checksum of an item', (text, expected) => {
    expect(wants(readFields(text), 'items', 'md5Hash')).toBe(expected);
  });
});
