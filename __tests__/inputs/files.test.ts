import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { faultText } from '../../src/faults.ts';
import { isInside, readFiles } from '../../src/inputs/files.ts';
import { tempFolders } from '../ground/temp-folder.ts';

const newFolder = tempFolders();

function workspace(): string {
  const folder = newFolder();
  mkdirSync(join(folder, 'sub'));
  writeFileSync(join(folder, 'Dockerfile'), 'FROM a\n');
  writeFileSync(join(folder, 'sub', 'Dockerfile'), 'FROM b\n');
  return folder;
}

describe('the Dockerfile', () => {
  test.each([
    { name: 'in the workspace', context: '.', dockerfile: 'Dockerfile', text: 'FROM a\n' },
    { name: 'in a folder', context: 'sub', dockerfile: 'sub/Dockerfile', text: 'FROM b\n' },
    { name: 'beside its context', context: 'sub', dockerfile: 'Dockerfile', text: 'FROM a\n' },
    { name: 'by a way that comes back', context: '.', dockerfile: 'sub/../Dockerfile', text: 'FROM a\n' },
    { name: 'missing', context: '.', dockerfile: 'x', text: undefined },
    { name: 'a folder', context: '.', dockerfile: 'sub', text: undefined },
    { name: 'below a file', context: '.', dockerfile: 'Dockerfile/x', text: undefined },
  ])('$name', ({ context, dockerfile, text }) => {
    expect(readFiles(workspace(), { context, dockerfile, config: undefined })).toEqual({
      files: { dockerfile: text, config: undefined, view: expect.anything() },
      faults: [],
    });
  });

  test('by an absolute path within the workspace', () => {
    const folder = workspace();
    const dockerfile = join(folder, 'sub', 'Dockerfile');
    const { files } = readFiles(folder, { context: folder, dockerfile, config: undefined });
    expect(files.dockerfile).toBe('FROM b\n');
  });

  test('a link to a file is read', () => {
    const folder = workspace();
    symlinkSync('sub/Dockerfile', join(folder, 'linked'));
    const { files } = readFiles(folder, { context: '.', dockerfile: 'linked', config: undefined });
    expect(files.dockerfile).toBe('FROM b\n');
  });
});

describe('refused', () => {
  test.each([
    {
      name: 'a context above the workspace',
      context: '..',
      dockerfile: 'Dockerfile',
      faults: ['context: ".." is outside the workspace. Name a path within it. [path-inside]'],
    },
    {
      name: 'both outside',
      context: '/',
      dockerfile: '../x/Dockerfile',
      faults: [
        'context: "/" is outside the workspace. Name a path within it. [path-inside]',
        'dockerfile: "../x/Dockerfile" is outside the workspace. Name a path within it. [path-inside]',
      ],
    },
    {
      name: 'a context that is missing',
      context: 'nowhere',
      dockerfile: 'Dockerfile',
      faults: [
        'context: there is no folder "nowhere" in the workspace. Name one, and check the repository out before this step. [context-missing]',
      ],
    },
    {
      name: 'a context that is a file',
      context: 'Dockerfile',
      dockerfile: 'Dockerfile',
      faults: [
        'context: there is no folder "Dockerfile" in the workspace. Name one, and check the repository out before this step. [context-missing]',
      ],
    },
  ])('$name', ({ context, dockerfile, faults }) => {
    const { faults: found } = readFiles(workspace(), { context, dockerfile, config: undefined });
    expect(found.map(faultText)).toEqual(faults);
  });
});

describe('inside the workspace', () => {
  test.each([
    { name: 'itself', path: '.', inside: true },
    { name: 'a file', path: 'a', inside: true },
    { name: 'a way out and back in', path: '../w/a', inside: true },
    { name: 'a sibling of a longer name', path: '../w2', inside: false },
    { name: 'above', path: '..', inside: false },
    { name: 'the root', path: '/', inside: false },
    { name: 'elsewhere', path: '/etc/passwd', inside: false },
  ])('$name', ({ path, inside }) => {
    expect(isInside('/w', path)).toBe(inside);
  });

  test('a name that begins with two dots', () => {
    expect(isInside('/w', '..cache/a')).toBe(true);
  });
});
