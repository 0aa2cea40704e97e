import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import {
  isCollection,
  isLabels,
  isLocalService,
  isText,
  isTrue,
  readState,
  saveState,
} from '../../src/runner/state.ts';
import { tempFolders } from '../ground/temp-folder.ts';

const newFolder = tempFolders();
const before = { ...process.env };
afterEach(() => {
  process.env = { ...before };
});

test('what main saves, post reads', () => {
  const file = join(newFolder(), 'state');
  writeFileSync(file, '');
  process.env['GITHUB_STATE'] = file;
  saveState('labels', { a: 'b\nc=d' });
  const [, name, , value] = /^(\w+)<<(\S+)\n([\s\S]*?)\n\2\n$/.exec(readFileSync(file, 'utf8')) ?? [];
  expect(name).toBe('labels');
  process.env['STATE_labels'] = value;
  expect(readState('labels', isLabels)).toEqual({ a: 'b\nc=d' });
});

describe('what did not come from main is not taken', () => {
  test.each([
    { name: 'nothing', text: undefined, read: undefined },
    { name: 'no JSON', text: '{', read: undefined },
    { name: 'another type', text: '5', read: undefined },
    { name: 'a text', text: '"x"', read: 'x' },
  ])('$name', ({ text, read }) => {
    if (text === undefined) delete process.env['STATE_job'];
    else process.env['STATE_job'] = text;
    expect(readState('job', isText)).toBe(read);
  });

  test.each<{ name: string; guard: (value: unknown) => boolean; value: unknown; good: boolean }>([
    { name: 'true', guard: isTrue, value: true, good: true },
    { name: 'a true text', guard: isTrue, value: 'true', good: false },
    { name: 'custom jobs', guard: isCollection, value: 'customJobs', good: true },
    { name: 'another collection', guard: isCollection, value: 'models', good: false },
    { name: 'labels', guard: isLabels, value: { a: 'b' }, good: true },
    { name: 'labels that are numbers', guard: isLabels, value: { a: 1 }, good: false },
    { name: 'a list of labels', guard: isLabels, value: ['a'], good: false },
    { name: 'a local service', guard: isLocalService, value: { url: 'http://127.0.0.1:1', token: 't' }, good: true },
    {
      name: 'a service elsewhere',
      guard: isLocalService,
      value: { url: 'https://evil.example', token: 't' },
      good: false,
    },
    { name: 'a service at no address', guard: isLocalService, value: { url: 'x', token: 't' }, good: false },
    { name: 'a service without a token', guard: isLocalService, value: { url: 'http://127.0.0.1:1' }, good: false },
  ])('$name: $good', ({ guard, value, good }) => {
    expect(guard(value)).toBe(good);
  });
});
