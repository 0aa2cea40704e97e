import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface LockedPackage {
  readonly version?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
}

/** The licences of every package that is installed for running, which is what a bundle can hold. */
export function licenseTexts(root: string): string {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, LockedPackage>>;
  };
  const running = Object.entries(lock.packages)
    .filter(([path, { dev }]) => path !== '' && dev !== true)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return running.map(([path, entry]) => licenseOf(root, path, entry)).join(`\n${'-'.repeat(80)}\n\n`);
}

function licenseOf(root: string, path: string, { version, license }: LockedPackage): string {
  const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
  const folder = join(root, path);
  const file = existsSync(folder)
    ? readdirSync(folder).find((entry) => /^(?:licen[cs]e|copying)/i.test(entry))
    : undefined;
  const text =
    file === undefined ? 'The package holds no licence file.' : readFileSync(join(folder, file), 'utf8').trim();
  return `${name} ${version}\nLicence: ${license ?? 'see below'}\n\n${text.replace(/\r\n/g, '\n')}\n`;
}
