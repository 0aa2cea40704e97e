import { describe, expect, test } from '@jest/globals';
import { Faults } from '../../src/inputs/collect.ts';
import { parseDownload } from '../../src/inputs/download.ts';

function parsed(value: string) {
  const faults = new Faults();
  return { path: parseDownload(faults, value), faults: faults.list };
}

describe('download', () => {
  test.each(['model', './models/best/', 'a/../b', '.cache/model', 'a b/é', '..model'])('takes %j', (value) => {
    expect(parsed(value)).toEqual({ path: value, faults: [] });
  });

  test('may be left out', () => {
    expect(parsed('')).toEqual({ path: undefined, faults: [] });
  });

  test.each([
    { value: '/tmp/model', reason: 'It is no path from the workspace on.' },
    { value: '.GitHub/workflows', reason: 'It is in the folder of the workflows.' },
    { value: '..', reason: 'It is outside the workspace.' },
    { value: 'a/../../model', reason: 'It is outside the workspace.' },
    { value: '.', reason: 'It is the workspace itself.' },
    { value: 'a/..', reason: 'It is the workspace itself.' },
    { value: './', reason: 'It is the workspace itself.' },
    { value: '.git', reason: 'It is in the folder of git itself.' },
    { value: 'sub/.GIT/hooks', reason: 'It is in the folder of git itself.' },
    { value: 'gs://bucket/model', reason: 'It is an address.' },
    { value: 'a\\b', reason: 'It holds a character that no path has.' },
    { value: 'a\nb', reason: 'It holds a character that no path has.' },
  ])('refuses $value', ({ value, reason }) => {
    const message = `${JSON.stringify(value)} is not accepted. ${reason} Name a folder in the workspace, such as model.`;
    expect(parsed(value)).toEqual({ path: undefined, faults: [{ rule: 'download', input: 'download', message }] });
  });
});
