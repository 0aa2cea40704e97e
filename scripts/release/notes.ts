/** A release's version: no pre-release and no build, since the major version's tag follows it. */
const VERSION = /^(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)$/;

/** The tag of a version. Throws where the version is not of the form X.Y.Z. */
export function tagOf(version: string): string {
  if (VERSION.test(version)) return `v${version}`;
  throw new Error(`package.json: version is '${version}'; a release is X.Y.Z, as in 1.0.0.`);
}

/**
 * What CHANGELOG.md says of a version: the text below `## X.Y.Z - YYYY-MM-DD`. Throws where there is no such heading, or
 * nothing below it.
 */
export function releaseNotes(changelog: string, version: string): string {
  const sections = changelog.split(/^(?=## )/m);
  const section = sections.find((text) => text.startsWith(`## ${version} `));
  const [, heading, body = ''] = /^## (\S+ - \d{4}-\d{2}-\d{2})\n([\s\S]*)$/.exec(section ?? '') ?? [];
  if (heading === undefined) {
    throw new Error(
      `CHANGELOG.md has no heading '## ${version} - YYYY-MM-DD': write what is new in ${version} below it.`,
    );
  }
  if (body.trim() === '') throw new Error(`CHANGELOG.md says nothing below '## ${heading}': write what is new.`);
  return `${body.trim()}\n`;
}
