import { describe, expect, test } from '@jest/globals';
import { installArguments, readMirror } from '../../../scripts/machine/apt.ts';

describe('readMirror', () => {
  const targets = [
    'http://mirror.example/debian/ bookworm',
    'http://mirror.example/debian/ bookworm-updates',
    'http://mirror.example/debian-security/ bookworm-security',
    '',
  ].join('\n');

  test.each([
    [
      'main and security archive',
      targets,
      { main: 'http://mirror.example/debian', security: 'http://mirror.example/debian-security' },
    ],
    [
      'no security archive',
      'http://mirror.example/d bookworm',
      { main: 'http://mirror.example/d', security: undefined },
    ],
    ["only another release's archive", 'http://mirror.example/d trixie', undefined],
    ['no sources at all', '', undefined],
  ])('%s', (_case, text, expected) => {
    expect(readMirror(text, 'bookworm')).toEqual(expected);
  });
});

test('packages are installed without questions, and only shown when simulated', () => {
  expect(installArguments(['docker.io'])).toEqual(
    expect.arrayContaining(['install', '--yes', '--no-install-recommends', 'docker.io']),
  );
  expect(installArguments(['docker.io'])).not.toContain('--simulate');
  expect(installArguments(['docker.io'], true)).toContain('--simulate');
});
