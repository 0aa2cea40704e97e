import { describe, expect, it } from '@jest/globals';
import { holds, parseMarker } from '../../../../src/plan/image/requirements/pep/markers.ts';
import { archiveOf, withoutSecrets } from '../../../../src/plan/image/requirements/pep/names.ts';
import { parseRequirement } from '../../../../src/plan/image/requirements/pep/pep508.ts';
import { rows } from './reading.ts';

describe("requirements drawn at random, as pip's own library (packaging 26.3) reads them", () => {
  type Row = readonly [
    text: string,
    name: string | null,
    extras: readonly string[],
    specifier: string,
    url: string | null,
    marker: string | null,
  ];
  const all = rows('requirements.jsonl') as readonly Row[];
  const sorted = (specifier: string) =>
    specifier
      .split(',')
      .map((clause) => clause.trim())
      .filter((clause) => clause !== '')
      .toSorted()
      .join();

  it('are the same', () => {
    for (const [text, name, extras, specifier, url, marker] of all.filter((row) => row[1] !== null)) {
      const named = parseRequirement(text);
      const mine =
        typeof named === 'string'
          ? named
          : {
              name: named.name,
              extras: [...new Set(named.extras)].toSorted(),
              specifier: sorted(named.specifier),
              url: named.url ?? null,
              marked: named.marker !== undefined,
            };
      const theirs = { name, extras: [...new Set(extras)], specifier: sorted(specifier), url, marked: marker !== null };
      expect([text, mine]).toEqual([text, theirs]);
    }
  });

  it('are refused together, but for what older pips took, which is doubted', () => {
    const refused = all.filter((row) => row[1] === null);
    expect(refused.length).toBeGreaterThan(100);
    for (const [text] of refused) {
      const named = parseRequirement(text);
      const verdict = typeof named === 'string' || named.doubt !== undefined;
      expect([text, verdict]).toEqual([text, true]);
    }
  });
});

describe("markers drawn at random, as pip's own library evaluates them on Linux", () => {
  it('hold alike', () => {
    type Row = readonly [marker: string, python: string, machine: 'x86_64' | 'aarch64', extra: string, holds: boolean];
    for (const [text, python, machine, extra, expected] of rows('markers.jsonl') as readonly Row[]) {
      const marker = parseMarker(text);
      const extras = new Set(extra === '' ? [] : [extra]);
      expect([text, marker && holds(marker, { python, machine, extras })]).toEqual([text, expected]);
    }
  });

  const scope = { python: '3.12', machine: 'x86_64', extras: new Set<string>() } as const;

  it.each([
    ["platform_release >= '5'", undefined],
    ["platform_release >= '5' and sys_platform == 'win32'", false],
    ["platform_release >= '5' or sys_platform == 'linux'", true],
    ["python_full_version >= '3.12.4'", true],
    ["os.name == 'posix'", true],
    ["'gpu' in extras", false],
  ])('%s: %s', (text, expected) => {
    const marker = parseMarker(text);
    expect(marker && holds(marker, scope)).toBe(expected);
  });

  it.each([
    '',
    'python_version',
    'python_version < ',
    "kernel == 'x'",
    "python_version < '3' and",
    "(python_version < '3'",
    "'a' not 'b'",
    `${'('.repeat(1000)}os_name == 'x'${')'.repeat(1000)}`,
    `${"os_name == 'x' or ".repeat(10_000)}os_name == 'x'`,
  ])('is none: %.60s', (text) => {
    expect(parseMarker(text)).toBeUndefined();
  });
});

describe('names of archives', () => {
  it.each([
    ['torch-2.1.0+cu121-cp310-cp310-linux_x86_64.whl', 'torch', '2.1.0+cu121', 'cp310'],
    ['https://h/whl/cu121/torch-2.1.0%2Bcu121-cp310-cp310-linux_x86_64.whl#sha256=0', 'torch', '2.1.0+cu121', 'cp310'],
    [
      'flash_attn-2.6.3+cu123torch2.3cxx11abiFALSE-1-cp310-cp310-linux_x86_64.whl',
      'flash-attn',
      '2.6.3+cu123torch2.3cxx11abiFALSE',
      'cp310',
    ],
    ['dist/my_pkg-1.0.tar.gz', 'my-pkg', '1.0', undefined],
    ['a-b-1.0.zip', 'a-b', '1.0', undefined],
  ])('%s', (file, name, version, python) => {
    const archive = archiveOf(file);
    expect([archive?.name, archive?.version, archive?.tags?.python]).toEqual([name, version, python]);
  });

  it.each([
    'torch.whl',
    'torch-2.whl',
    'x.tar.gz',
    'main.zip',
    'https://github.com/a/b/archive/main.zip',
    '%E0%A4%A.whl',
  ])('%s tells nothing', (file) => {
    expect(archiveOf(file)).toBeUndefined();
  });
});

it('takes passwords out of addresses', () => {
  expect(withoutSecrets('https://user:token@host/simple')).toBe('https://host/simple');
  expect(withoutSecrets('git+https://TOKEN@github.com/a/b.git@main')).toBe('git+https://github.com/a/b.git@main');
  expect(withoutSecrets('https://u:p@ss@host/x')).toBe('https://host/x');
  expect(withoutSecrets('git+ssh://git@github.com/a/b.git')).toBe('git+ssh://git@github.com/a/b.git');
  expect(withoutSecrets('git+ssh://git:secret@github.com/a/b.git')).toBe('git+ssh://github.com/a/b.git');
  expect(withoutSecrets('https://host/a@b')).toBe('https://host/a@b');
  expect(withoutSecrets('./lib')).toBe('./lib');
});
