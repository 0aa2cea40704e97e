import { describe, expect, it } from '@jest/globals';
import { readOptions } from '../../src/local/options.ts';

describe('readOptions', () => {
  it.each([
    ['nothing', [], {}],
    [
      'everything',
      ['--port', '0', '--data=d', '--host-engine', 'unix:///s', '--faults', '--tls'],
      { port: 0, data: 'd', engine: 'unix:///s', faults: true, tls: true },
    ],
    ['embedded', ['--embedded'], { port: 0, embedded: true }],
  ])('%s', (_name, argv, expected) => {
    const defaults = { port: 8600, data: undefined, engine: undefined, embedded: false, faults: false, tls: false };
    expect(readOptions(argv)).toEqual({ ...defaults, ...expected });
  });

  it.each([
    ['an unknown flag', ['--prot', '1']],
    ['a word', ['start']],
    ['a port that is none', ['--port', 'http']],
    ['a port too high', ['--port', '70000']],
  ])('refuses %s and names the accepted flags', (_name, argv) => {
    expect(() => readOptions(argv)).toThrow(/--port P.*--data DIR.*--host-engine ADDRESS/);
  });
});
