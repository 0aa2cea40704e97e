import { expect, test } from '@jest/globals';
import { uploadedBy } from '../../src/model/uploaded.ts';
import type { UploadedModel } from '../../src/vertex/jobs.ts';
import { MODEL } from './registry.ts';

const NONE: UploadedModel = { name: MODEL, version: undefined, artifactUri: undefined, aliases: [] };

test.each<[string, UploadedModel | undefined, object | undefined]>([
  ['nothing', undefined, undefined],
  ['a version', { ...NONE, version: '3' }, { name: MODEL, version: '3', uri: undefined, aliases: [] }],
  [
    'all of it',
    { name: MODEL, version: '3', artifactUri: 'gs://b/m', aliases: ['a'] },
    { name: MODEL, version: '3', uri: 'gs://b/m', aliases: ['a'] },
  ],
  [
    'the version in its name',
    { ...NONE, name: `${MODEL}@7` },
    { name: MODEL, version: '7', uri: undefined, aliases: [] },
  ],
  ['both', { ...NONE, name: `${MODEL}@7`, version: '8' }, { name: MODEL, version: '8', uri: undefined, aliases: [] }],
  ['no version', NONE, undefined],
  ['an empty one', { ...NONE, name: `${MODEL}@` }, undefined],
])('a pipeline that tells of %s', (_, uploaded, model) => {
  expect(uploadedBy({ uploaded })).toEqual(model);
});
