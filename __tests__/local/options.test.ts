import { describe, expect, it } from '@jest/globals';
import { readOptions } from '../../src/local/options.ts';

describe('readOptions', () => {
  it.each([
    ['nothing', [], {}],
    [
      'everything',
      [
        '--port',
        '0',
        '--data=d',
        '--host-engine',
        'unix:///s',
        '--faults',
        '--tls',
        '--max-cpus=1.5',
        '--max-memory',
        '8',
      ],
      { port: 0, data: 'd', engine: 'unix:///s', faults: true, tls: true, maxCpus: 1.5, maxMemoryGiB: 8 },
    ],
    ['embedded', ['--embedded'], { port: 0, embedded: true }],
  ])('%s', (_name, argv, expected) => {
    const unset = { data: undefined, engine: undefined, maxCpus: undefined, maxMemoryGiB: undefined };
    const defaults = { port: 8600, ...unset, embedded: false, faults: false, tls: false };
    expect(readOptions(argv)).toEqual({ ...defaults, ...expected });
  });

  it.each([
    ['an unknown flag', ['--prot', '1']],
    ['a word', ['start']],
    ['a port that is none', ['--port', 'http']],
    ['a port too high', ['--port', '70000']],
    ['CPUs that are no number', ['--max-cpus', 'all']],
    ['no CPUs', ['--max-cpus', '0']],
    ['memory with a unit', ['--max-memory', '8GiB']],
  ])('refuses %s and names the accepted flags', (_name, argv) => {
    expect(() => readOptions(argv)).toThrow(/--port P.*--data DIR.*--host-engine ADDRESS/);
  });
});
