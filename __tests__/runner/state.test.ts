import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import {
  areParents,
  isJobNames,
  isLocalService,
  isMoment,
  isText,
  isTraces,
  isTrue,
  readState,
  saveState,
} from '../../src/runner/state.ts';
import { tempFolders } from '../ground/temp-folder.ts';

const TRACES = { parent: 'projects/p/locations/l', collection: 'customJobs', labels: { a: 'b\nc=d' } } as const;

const NAME = 'projects/1/locations/l/customJobs/7';

const newFolder = tempFolders();
const before = { ...process.env };
afterEach(() => {
  process.env = { ...before };
});

test('what main saves, post reads', () => {
  const file = join(newFolder(), 'state');
  writeFileSync(file, '');
  process.env['GITHUB_STATE'] = file;
  saveState('request', TRACES);
  const [, name, , value] = /^(\w+)<<(\S+)\n([\s\S]*?)\n\2\n$/.exec(readFileSync(file, 'utf8')) ?? [];
  expect(name).toBe('request');
  process.env['STATE_request'] = value;
  expect(readState('request', isTraces)).toEqual(TRACES);
});

describe('what did not come from main is not taken', () => {
  test.each([
    { name: 'nothing', text: undefined, read: undefined },
    { name: 'no JSON', text: '{', read: undefined },
    { name: 'another type', text: '5', read: undefined },
    { name: 'a text', text: '"x"', read: 'x' },
  ])('$name', ({ text, read }) => {
    if (text === undefined) delete process.env['STATE_folder'];
    else process.env['STATE_folder'] = text;
    expect(readState('folder', isText)).toBe(read);
  });

  test.each<{ name: string; guard: (value: unknown) => boolean; value: unknown; good: boolean }>([
    { name: 'true', guard: isTrue, value: true, good: true },
    { name: 'a true text', guard: isTrue, value: 'true', good: false },
    { name: 'a moment', guard: isMoment, value: 5, good: true },
    { name: 'a moment that is a text', guard: isMoment, value: '5', good: false },
    { name: 'no moment', guard: isMoment, value: null, good: false },
    { name: 'names', guard: isJobNames, value: [NAME, NAME], good: true },
    { name: 'names that are numbers', guard: isJobNames, value: [NAME, 1], good: false },
    {
      name: 'names that lead elsewhere',
      guard: isJobNames,
      value: [NAME.replace('/l/', '/evil.example?/')],
      good: false,
    },
    { name: 'names of other things', guard: isJobNames, value: ['projects/p/locations/l/models/7'], good: false },
    { name: 'places', guard: areParents, value: [TRACES.parent, 'projects/example.com:app/locations/l'], good: true },
    {
      name: 'places that lead elsewhere',
      guard: areParents,
      value: ['projects/p/locations/evil.example#'],
      good: false,
    },
    {
      name: 'traces that lead elsewhere',
      guard: isTraces,
      value: { ...TRACES, parent: 'projects/p/locations/evil.example/x' },
      good: false,
    },
    { name: 'traces', guard: isTraces, value: TRACES, good: true },
    { name: 'traces of another collection', guard: isTraces, value: { ...TRACES, collection: 'models' }, good: false },
    {
      name: 'traces with labels that are numbers',
      guard: isTraces,
      value: { ...TRACES, labels: { a: 1 } },
      good: false,
    },
    { name: 'traces with a list of labels', guard: isTraces, value: { ...TRACES, labels: ['a'] }, good: false },
    { name: 'traces without a place', guard: isTraces, value: { ...TRACES, parent: undefined }, good: false },
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
