import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import * as formats from 'ajv-formats';
import { type BundledPackage, packagePaths } from '../../../scripts/build/bundled.ts';
import { licenseTexts } from '../../../scripts/build/licenses.ts';
import { type Product, sbomText } from '../../../scripts/build/sbom.ts';

const root = new URL('../../..', import.meta.url).pathname;
const product = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Product;
const SCHEMAS = join(dirname(createRequire(import.meta.url).resolve('@cyclonedx/cyclonedx-library')), '../res/schema');
const schema = (name: string) => JSON.parse(readFileSync(join(SCHEMAS, `${name}.SNAPSHOT.schema.json`), 'utf8'));

/** What CycloneDX's own schema says against it. */
function faultsOf(text: string): unknown[] {
  const schemas = Object.fromEntries(
    ['spdx', 'jsf-0.82'].map((name) => [`http://cyclonedx.org/schema/${name}.SNAPSHOT.schema.json`, schema(name)]),
  );
  const ajv = new Ajv({ strict: false, schemas });
  (formats.default as unknown as typeof formats.default.default)(ajv);
  ajv.addFormat('iri-reference', true);
  ajv.addFormat('idn-email', true);
  const check = ajv.compile(schema('bom-1.6'));
  check(JSON.parse(text));
  return check.errors ?? [];
}

const bundled = (change: Partial<BundledPackage>): BundledPackage => ({
  name: 'a',
  version: '1.0.0',
  license: 'MIT',
  integrity: `sha512-${Buffer.from('digest'.repeat(11).slice(0, 64)).toString('base64')}`,
  licenseText: 'Do as you like.',
  ...change,
});

describe('the bill of materials', () => {
  it.each<[string, Partial<BundledPackage>]>([
    ['a plain package', {}],
    ['one with a scope', { name: '@scope/a' }],
    ['a licence expression', { license: '(MIT OR Apache-2.0)' }],
    ['no licence, and no digest', { license: undefined, integrity: undefined }],
  ])('is CycloneDX with %s', (_name, change) => {
    expect(faultsOf(sbomText(product, [bundled(change)]))).toEqual([]);
  });

  it('would not pass with a component of no known type', () => {
    expect(faultsOf(sbomText(product, [bundled({})]).replace('"library"', '"thing"'))).not.toEqual([]);
  });

  it('names a package by its scope, its name and its package URL', () => {
    const { components } = JSON.parse(sbomText(product, [bundled({ name: '@scope/a' })]));
    expect(components).toEqual([
      expect.objectContaining({ group: '@scope', name: 'a', purl: 'pkg:npm/%40scope/a@1.0.0' }),
    ]);
  });
});

describe('the packages of a bundle', () => {
  it('are read from the bundler, nested ones and those in one module included', () => {
    const stats = {
      modules: [
        { nameForCondition: '/clone/build/src/main.js' },
        { nameForCondition: '/clone/node_modules/@scope/a/lib/index.js' },
        { modules: [{ nameForCondition: '/clone/node_modules/@scope/a/node_modules/b/index.js' }] },
        { nameForCondition: null },
      ],
    };
    expect([...packagePaths(stats)]).toEqual(['node_modules/@scope/a', 'node_modules/@scope/a/node_modules/b']);
  });

  it('have their licences beside dist, whole', () => {
    const text = licenseTexts([bundled({}), bundled({ name: 'b', licenseText: undefined })]);
    expect(text).toContain('a 1.0.0\nLicence: MIT\n\nDo as you like.\n');
    expect(text).toContain('b 1.0.0\nLicence: MIT\n\nThe package holds no licence file.\n');
  });
});

describe('dist', () => {
  const sbom = readFileSync(join(root, 'dist/sbom.cdx.json'), 'utf8');

  it('holds a bill of materials that is CycloneDX, of this version', () => {
    expect(faultsOf(sbom)).toEqual([]);
    expect(JSON.parse(sbom).metadata.component).toMatchObject({ name: product.name, version: product.version });
  });

  it('holds the licence of each package that the bill names', () => {
    const licenses = readFileSync(join(root, 'dist/licenses.txt'), 'utf8');
    const named = (JSON.parse(sbom).components as { group?: string; name: string; version: string }[]).map(
      ({ group, name, version }) => `${group === undefined ? '' : `${group}/`}${name} ${version}`,
    );
    expect(named.length).toBeGreaterThan(50);
    for (const one of named) expect(`\n${licenses}`).toContain(`\n${one}\nLicence: `);
  });
});
