import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  compareVersions,
  compatible,
  fromConda,
  fromPoetry,
  isSpecifier,
  localPart,
  pickVersion,
  pinned,
  satisfies,
  series,
} from '../../../../src/plan/image/requirements/versions.ts';
import { rows } from './reading.ts';

const TORCH = ['2.6.0', '2.7.0', '2.7.1', '2.7.1+cu128', '2.8.0', '2.8.0+cpu', '2.8.0+cu128', '2.9.0', '2.10.0rc1'];

describe('the release that pip would install', () => {
  it.each([
    ['', '2.9.0'],
    ['<2.8', '2.7.1+cu128'],
    ['==2.8.0', '2.8.0+cu128'],
    ['==2.8.0+cpu', '2.8.0+cpu'],
    ['==2.8', '2.8.0+cu128'],
    ['==2.7.*', '2.7.1+cu128'],
    ['~=2.6', '2.9.0'],
    ['~=2.7.0', '2.7.1+cu128'],
    ['>2.9.0', '2.10.0rc1'],
    ['>=2.10.0rc1', '2.10.0rc1'],
    ['>=2.6,!=2.9.0', '2.8.0+cu128'],
    ['===2.7.0', '2.7.0'],
    ['>=3', undefined],
    ['2.8.0', undefined],
    ['=2.8', undefined],
  ])('%s', (specifier, release) => {
    expect(pickVersion(specifier, TORCH)).toBe(release);
  });

  it('takes pre-releases when they are asked for', () => {
    expect(pickVersion('', TORCH, true)).toBe('2.10.0rc1');
    expect(pickVersion('', ['2.10.0.dev20260101+cu126', '2.10.0.dev20260102+cu126'])).toBe('2.10.0.dev20260102+cu126');
    expect(pickVersion('>=2.0', [])).toBeUndefined();
    expect(pickVersion('', ['not a version', '1.0'])).toBe('1.0');
  });
});

type VersionRow = readonly [
  specifier: string,
  releases: readonly string[] | null,
  picked: readonly [string | null, string | null],
  fitting: readonly string[],
  satisfiable: boolean,
];

describe("the answers of pip's own library (packaging 26.3) for sets and releases drawn at random", () => {
  const all = rows('versions.jsonl') as readonly VersionRow[];

  it('knows the same sets', () => {
    for (const [specifier, releases] of all)
      expect([specifier, isSpecifier(specifier)]).toEqual([specifier, releases !== null]);
  });

  it('picks the same release, with pre-releases and without', () => {
    const same = (one: string | null, other: string | null) =>
      one === null || other === null ? one === other : compareVersions(one, other) === 0;
    for (const [specifier, releases, picked] of all.filter((row) => row[1] !== null)) {
      const mine = [false, true].map((nightly) => pickVersion(specifier, releases ?? [], nightly) ?? null);
      const agree = mine.map((one, index) => same(one, picked[index] ?? null));
      expect({ specifier, releases, picked, mine, agree }).toMatchObject({ agree: [true, true] });
    }
  });

  it('finds the same releases fitting', () => {
    for (const [specifier, releases, , fitting] of all) {
      const mine = (releases ?? []).filter((version) => satisfies(version, specifier));
      expect([specifier, mine]).toEqual([specifier, fitting ?? []]);
    }
  });

  it('finds the same sets satisfiable', () => {
    const known = all.filter(([, releases]) => releases !== null);
    for (const [specifier, , , , satisfiable] of known) {
      expect([specifier, compatible(specifier)]).toEqual([specifier, satisfiable]);
    }
    expect(known.filter((row) => !row[4]).length).toBeGreaterThan(50);
  });
});

describe('whether any version can fit', () => {
  it.each([
    ['', true],
    ['>=2.4,<2.1', false],
    ['==2.1.0,==2.2.0', false],
    ['==2.1.0,==2.1', true],
    ['==2.1.0+cu118,==2.1.0', true],
    ['==2.1.0+cu118,==2.1.0+cu121', false],
    ['>=2.1,<2.1.1', true],
    ['>2.1,<2.1.0.0.1', true],
    ['~=2.1.0,>=2.2', false],
    ['==2.*,!=2.1.*', true],
    ['>=2.1,<=2.1,!=2.1', false],
    ['===nightly,>=1', false],
    ['not a set', true],
  ])('%s: %s', (specifier, expected) => {
    expect(compatible(specifier)).toBe(expected);
  });

  const part = fc.integer({ min: 0, max: 3 });
  const version = fc
    .tuple(
      fc.array(part, { minLength: 1, maxLength: 3 }),
      fc.constantFrom('', 'a1', 'rc0', '.post1', '.dev2', '+cu118'),
    )
    .map(([release, rest]) => `${release.join('.')}${rest}`);
  const clause = fc
    .tuple(fc.constantFrom('==', '!=', '<=', '>=', '<', '>', '~='), version)
    .map(([operator, text]) => `${operator}${text}`)
    .filter(isSpecifier);

  it('is never denied to a set that a version fits', () => {
    fc.assert(
      fc.property(fc.array(clause, { maxLength: 4 }), version, (clauses, one) => {
        const set = clauses.join(',');
        if (satisfies(one, set)) expect(compatible(set)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('stays bounded and quiet for any text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        compatible(text);
        pickVersion(text, [text, '1.0']);
        fromPoetry(text);
        fromConda(text);
      }),
    );
    expect(compatible(Array.from({ length: 5000 }, (_, index) => `!=${index}`).join())).toBe(true);
    expect(fromPoetry(`^${'1.'.repeat(100_000)}1`)).toBeUndefined();
    expect(isSpecifier(`==${'9'.repeat(1_000_000)}`)).toBe(false);
  });
});

describe("Poetry's constraints in PEP 440", () => {
  it.each([
    ['^2.1', '>=2.1,<3'],
    ['^2', '>=2,<3'],
    ['^0.2.3', '>=0.2.3,<0.3'],
    ['^0.0.3', '>=0.0.3,<0.0.4'],
    ['^0.0', '>=0.0,<0.1'],
    ['^0', '>=0,<1'],
    ['~2.1', '>=2.1,<2.2'],
    ['~2.1.3', '>=2.1.3,<2.2'],
    ['~2', '>=2,<3'],
    ['~=2.1', '~=2.1'],
    ['2.1.0', '==2.1.0'],
    ['=2.1.0', '==2.1.0'],
    ['2.1.*', '==2.1.*'],
    ['*', ''],
    ['', ''],
    ['>=2.1,<3', '>=2.1,<3'],
    ['>=2.1 <3', '>=2.1,<3'],
    ['>= 2.1, < 3', '>=2.1,<3'],
    ['!=2.1.*', '!=2.1.*'],
    ['^1.8 || ^2.0', '>=1.8,<3'],
    ['2.0 || 2.1', '>=2.0,<=2.1'],
    ['1.* | >=3', '>=1'],
    ['* || ^2', ''],
    ['^banana', undefined],
    ['2.1.x', undefined],
  ])('%s', (constraint, specifier) => {
    expect(fromPoetry(constraint)).toBe(specifier);
  });
});

describe("conda's versions in PEP 440", () => {
  it.each([
    ['=2.1', '==2.1.*'],
    ['==2.1.0', '==2.1.0'],
    ['2.1.0', '==2.1.0'],
    ['2.1.*', '==2.1.*'],
    ['=2.1.*', '==2.1.*'],
    ['>=2.1,<2.3', '>=2.1,<2.3'],
    ['>=2.1', '>=2.1'],
    ['1.8|2.0', '>=1.8,<=2.0'],
    ['*', ''],
    ['2023a', '==2023a'],
    ['9e', undefined],
  ])('%s', (version, specifier) => {
    expect(fromConda(version)).toBe(specifier);
  });
});

describe('parts of versions', () => {
  it('are told', () => {
    expect(series('2.8.0+cu128', 2)).toBe('2.8');
    expect(series('2', 2)).toBe('2.0');
    expect(series('latest', 2)).toBeUndefined();
    expect(localPart('2.8.0+CU128')).toBe('cu128');
    expect(localPart('2.8.0')).toBeUndefined();
    expect(pinned('==2.8.0,==2.8.0+cu128')).toBe('2.8.0+cu128');
    expect(pinned('==2.8.*')).toBeUndefined();
    expect(pinned('>=2')).toBeUndefined();
  });
});
