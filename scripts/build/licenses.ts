import type { BundledPackage } from './bundled.ts';

function licenseOf({ name, version, license, licenseText }: BundledPackage): string {
  const text = licenseText ?? 'The package holds no licence file.';
  return `${name} ${version}\nLicence: ${license ?? 'see below'}\n\n${text}\n`;
}

/** The licences of everything that the bundles hold. */
export function licenseTexts(packages: readonly BundledPackage[]): string {
  return packages.map(licenseOf).join(`\n${'-'.repeat(80)}\n\n`);
}
