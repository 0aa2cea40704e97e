import { describe, expect, it } from '@jest/globals';
import { releaseNotes, tagOf } from '../../../scripts/release/notes.ts';

const CHANGELOG = `# Changelog

## Unreleased

- later

## 1.2.0 - 2026-11-30

- new

### Mended

- old

## 1.1.0 - 2026-11-01

`;

describe('the tag of a version', () => {
  it('is the version with a v', () => {
    expect(tagOf('1.2.0')).toBe('v1.2.0');
  });

  it.each(['1.2', '1.2.0-rc.1', '01.2.0', 'v1.2.0', ''])("is refused for '%s'", (version) => {
    expect(() => tagOf(version)).toThrow(`package.json: version is '${version}'; a release is X.Y.Z, as in 1.0.0.`);
  });
});

describe('the notes of a release', () => {
  it('are what the changelog says of its version, to the next one', () => {
    expect(releaseNotes(CHANGELOG, '1.2.0')).toBe('- new\n\n### Mended\n\n- old\n');
  });

  it('are missing where the changelog has no such heading', () => {
    expect(() => releaseNotes(CHANGELOG, '1.3.0')).toThrow("CHANGELOG.md has no heading '## 1.3.0 - YYYY-MM-DD'");
    expect(() => releaseNotes(CHANGELOG, '1.2')).toThrow("no heading '## 1.2 - YYYY-MM-DD'");
  });

  it('are missing where nothing stands below it', () => {
    expect(() => releaseNotes(CHANGELOG, '1.1.0')).toThrow("CHANGELOG.md says nothing below '## 1.1.0 - 2026-11-01'");
  });
});
