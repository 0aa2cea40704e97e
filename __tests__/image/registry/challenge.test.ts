import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseChallenges } from '../../../src/image/registry/challenge.ts';

const parsed = (header: string) => parseChallenges(header).map(({ scheme, parameters }) => [scheme, { ...parameters }]);

describe('challenges', () => {
  test.each([
    {
      header:
        'Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:a/b:pull,push"',
      found: [
        [
          'bearer',
          { realm: 'https://auth.docker.io/token', service: 'registry.docker.io', scope: 'repository:a/b:pull,push' },
        ],
      ],
    },
    { header: 'Basic realm="test registry"', found: [['basic', { realm: 'test registry' }]] },
    {
      header: 'Negotiate, Basic realm="a, b", BEARER Realm=https://x.example/t , service = y',
      found: [
        ['negotiate', {}],
        ['basic', { realm: 'a, b' }],
        ['bearer', { realm: 'https://x.example/t', service: 'y' }],
      ],
    },
    { header: 'Bearer realm="a\\"b\\\\c"', found: [['bearer', { realm: 'a"b\\c' }]] },
    { header: 'Bearer realm="one", realm="two"', found: [['bearer', { realm: 'one' }]] },
    {
      header: 'Bearer realm="never closed',
      found: [['bearer', {}]],
    },
    { header: 'realm="x"', found: [] },
    { header: '', found: [] },
    { header: ' , ,', found: [] },
    { header: '"odd" Bearer realm="x"', found: [] },
    { header: 'Bearer __proto__="x"', found: [['bearer', Object.fromEntries([['__proto__', 'x']])]] },
  ])('$header', ({ header, found }) => {
    expect(parsed(header)).toEqual(found);
  });

  test('of any text are read in time and without a throw', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', '"', '\\', '=', ',', ' '), maxLength: 400 }), (header) => {
        parseChallenges(header);
      }),
    );
  });
});
