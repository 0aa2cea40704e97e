import { Enums, Models, Serialize, Spec } from '@cyclonedx/cyclonedx-library';
import type { BundledPackage } from './bundled.ts';

/** What is being shipped. */
export interface Product {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
}

function licenseOf(license: string | undefined): Models.LicenseRepository {
  if (license === undefined) return new Models.LicenseRepository();
  const isExpression = /[\s()]/.test(license);
  return new Models.LicenseRepository([
    isExpression ? new Models.LicenseExpression(license) : new Models.SpdxLicense(license),
  ]);
}

/** An npm package URL; the `@` of a scope is escaped (github.com/package-url/purl-spec, type npm). */
function purlOf(name: string, version: string): string {
  return `pkg:npm/${name.replace('@', '%40')}@${version}`;
}

function hashesOf(integrity: string | undefined): Models.HashDictionary {
  const digest = /^sha512-(.+)$/.exec(integrity ?? '')?.[1];
  if (digest === undefined) return new Models.HashDictionary();
  return new Models.HashDictionary([[Enums.HashAlgorithm['SHA-512'], Buffer.from(digest, 'base64').toString('hex')]]);
}

function componentOf({ name, version, license, integrity }: BundledPackage): Models.Component {
  const [scope, plain] = name.startsWith('@') ? name.split('/') : [undefined, name];
  return new Models.Component(Enums.ComponentType.Library, plain ?? name, {
    group: scope,
    version,
    bomRef: `${name}@${version}`,
    purl: purlOf(name, version),
    licenses: licenseOf(license),
    hashes: hashesOf(integrity),
  });
}

/**
 * The bill of materials of the bundles, CycloneDX 1.6. Without time and serial number, so that the same sources give the
 * same file.
 */
export function sbomText(
  { name, version, description, license }: Product,
  packages: readonly BundledPackage[],
): string {
  const product = new Models.Component(Enums.ComponentType.Application, name, {
    version,
    description,
    bomRef: `${name}@${version}`,
    licenses: licenseOf(license),
  });
  const bom = new Models.Bom({
    metadata: new Models.Metadata({ component: product }),
    components: new Models.ComponentRepository(packages.map(componentOf)),
  });
  const serializer = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6));
  return `${serializer.serialize(bom, { sortLists: true, space: 2 })}\n`;
}
