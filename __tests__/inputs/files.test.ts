import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { faultText } from '../../src/faults.ts';
import { isInside, readFiles, workspaceView } from '../../src/inputs/files.ts';
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
    { name: 'below a file', context: '.', dockerfile: 'Dockerfile/x', text: undefined },
  ])('$name', ({ context, dockerfile, text }) => {
    expect(
      readFiles(workspace(), { context, dockerfile, config: undefined, build: { dockerfileGiven: true } }),
    ).toEqual({
      files: { dockerfile: text, config: undefined, view: expect.anything() },
      faults: [],
    });
  });

  test('by an absolute path within the workspace', () => {
    const folder = workspace();
    const dockerfile = join(folder, 'sub', 'Dockerfile');
    const { files } = readFiles(folder, {
      context: folder,
      dockerfile,
      config: undefined,
      build: { dockerfileGiven: true },
    });
    expect(files.dockerfile).toBe('FROM b\n');
  });

  test('a link to a file is read', () => {
    const folder = workspace();
    symlinkSync('sub/Dockerfile', join(folder, 'linked'));
    const { files } = readFiles(folder, {
      context: '.',
      dockerfile: 'linked',
      config: undefined,
      build: { dockerfileGiven: true },
    });
    expect(files.dockerfile).toBe('FROM b\n');
  });
});

describe('a Dockerfile that is there and cannot be read is never taken for missing', () => {
  const MEND = 'Make it a text file in UTF-8 of at most 2 MiB. [dockerfile-unreadable]';
  test.each<{ name: string; make: (path: string) => void; why: string }>([
    { name: 'a folder', make: (path) => mkdirSync(path), why: 'is no file' },
    {
      name: 'UTF-16',
      make: (path) => writeFileSync(path, Buffer.from('FROM a\n', 'utf16le')),
      why: 'is no text: it holds a zero byte, as UTF-16 has them',
    },
    { name: 'too large', make: (path) => writeFileSync(path, '#'.repeat(2_097_153)), why: 'has 2097153 bytes' },
    {
      name: 'a link to nowhere',
      make: (path) => symlinkSync('nowhere', path),
      why: 'is a link that leads nowhere, or out of the workspace',
    },
    {
      name: 'a link out of the workspace',
      make: (path) => symlinkSync('/etc/hostname', path),
      why: 'is a link that leads nowhere, or out of the workspace',
    },
    {
      name: 'a link to itself',
      make: (path) => symlinkSync('odd', path),
      why: 'is a link that leads nowhere, or out of the workspace',
    },
  ])('$name', ({ make, why }) => {
    const folder = workspace();
    make(join(folder, 'odd'));
    const { files, faults } = readFiles(folder, {
      context: '.',
      dockerfile: 'odd',
      config: undefined,
      build: { dockerfileGiven: false },
    });
    expect(faults.map(faultText)).toEqual([`dockerfile: "odd" ${why}. ${MEND}`]);
    expect([files.dockerfile, files.dockerfileRefused]).toEqual([undefined, true]);
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
    const { faults: found } = readFiles(workspace(), {
      context,
      dockerfile,
      config: undefined,
      build: { dockerfileGiven: true },
    });
    expect(found.map(faultText)).toEqual(faults);
  });
});

describe('the config', () => {
  const configOf = (config: string | undefined, folder = workspace()) => {
    writeFileSync(join(folder, 'sub', 'job.yaml'), 'network: x\n');
    const { files, faults } = readFiles(folder, {
      context: '.',
      dockerfile: 'Dockerfile',
      config,
      build: { dockerfileGiven: true },
    });
    return { config: files.config, faults: faults.map(faultText) };
  };

  test.each<{ name: string; config: string | undefined; read: object | undefined }>([
    { name: 'none', config: undefined, read: undefined },
    { name: 'a path', config: 'sub/job.yaml', read: { file: 'sub/job.yaml', text: 'network: x\n' } },
    {
      name: 'a path with blanks around it',
      config: ' sub/job.yaml\n',
      read: { file: 'sub/job.yaml', text: 'network: x\n' },
    },
    {
      name: 'a path by a detour',
      config: './sub/../sub/job.yaml',
      read: { file: 'sub/job.yaml', text: 'network: x\n' },
    },
    { name: 'YAML itself', config: 'network: x', read: { file: 'config', text: 'network: x' } },
    { name: 'YAML of several lines', config: 'network:\n  x\n', read: { file: 'config', text: 'network:\n  x\n' } },
    { name: 'YAML of an empty field', config: 'scheduling:', read: { file: 'config', text: 'scheduling:' } },
    { name: 'JSON', config: '{"network":"x"}', read: { file: 'config', text: '{"network":"x"}' } },
    { name: 'a list', config: '[]', read: { file: 'config', text: '[]' } },
  ])('$name', ({ config, read }) => {
    expect(configOf(config)).toEqual({ config: read, faults: [] });
  });

  test.each([
    {
      name: 'a file that is missing',
      config: 'job.yml',
      fault:
        'config: there is no text file "job.yml" in the workspace. Name one, or give the YAML itself. [config-missing]',
    },
    {
      name: 'a folder',
      config: 'sub',
      fault:
        'config: there is no text file "sub" in the workspace. Name one, or give the YAML itself. [config-missing]',
    },
    {
      name: 'a file outside',
      config: '../job.yaml',
      fault: 'config: "../job.yaml" is outside the workspace. Name a path within it. [path-inside]',
    },
    {
      name: 'a file far outside',
      config: '/etc/passwd',
      fault: 'config: "/etc/passwd" is outside the workspace. Name a path within it. [path-inside]',
    },
  ])('refused: $name', ({ config, fault }) => {
    expect(configOf(config)).toEqual({ config: undefined, faults: [fault] });
  });

  test('refused: a link that leads out', () => {
    const folder = workspace();
    symlinkSync('/etc/passwd', join(folder, 'out.yaml'));
    expect(configOf('out.yaml', folder).config).toBeUndefined();
  });

  test('its faults are told beside those of paths', () => {
    const { faults } = readFiles(workspace(), {
      context: '..',
      dockerfile: 'Dockerfile',
      config: 'x.yaml',
      build: { dockerfileGiven: true },
    });
    expect(faults.map(({ input }) => input)).toEqual(['context', 'config']);
  });
});

describe('a look at the workspace', () => {
  function scene() {
    const folder = workspace();
    writeFileSync(join(folder, 'data.bin'), 'a\0b');
    writeFileSync(join(folder, 'large.py'), 'x'.repeat(2 * 1024 * 1024 + 1));
    symlinkSync('sub', join(folder, 'linked'));
    symlinkSync(newFolder(), join(folder, 'out'));
    symlinkSync('nowhere', join(folder, 'dangling'));
    symlinkSync('loop', join(folder, 'loop'));
    return workspaceView(folder);
  }

  test.each([
    { path: 'Dockerfile', text: 'FROM a\n', exists: true },
    { path: 'sub/Dockerfile', text: 'FROM b\n', exists: true },
    { path: 'linked/Dockerfile', text: 'FROM b\n', exists: true },
    { path: 'sub/../Dockerfile', text: 'FROM a\n', exists: true },
    { path: 'sub', text: undefined, exists: true },
    { path: 'data.bin', text: undefined, exists: true },
    { path: 'large.py', text: undefined, exists: true },
    { path: 'nothing', text: undefined, exists: false },
    { path: 'dangling', text: undefined, exists: false },
    { path: 'loop', text: undefined, exists: false },
    { path: 'out', text: undefined, exists: false },
    { path: '..', text: undefined, exists: false },
    { path: '/etc/passwd', text: undefined, exists: false },
    { path: 'Dockerfile\0', text: undefined, exists: false },
  ])('at $path', ({ path, text, exists }) => {
    const view = scene();
    expect([view.text(path), view.text(path), view.exists(path)]).toEqual([text, text, exists]);
  });

  test.each([
    { folder: 'sub', names: ['Dockerfile'] },
    { folder: 'linked', names: ['Dockerfile'] },
    { folder: 'Dockerfile', names: [] },
    { folder: 'out', names: [] },
    { folder: '..', names: [] },
    { folder: 'nothing', names: [] },
  ])('into $folder', ({ folder, names }) => {
    expect(scene().list(folder)).toEqual(names);
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
