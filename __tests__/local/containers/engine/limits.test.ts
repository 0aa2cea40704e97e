import { describe, expect, it } from '@jest/globals';
import { type EngineMachine, limitsOf } from '../../../../src/local/containers/engine/limits.ts';

const GIB = 2 ** 30;
const machine: EngineMachine = {
  cpus: 8,
  memoryBytes: 32 * GIB,
  limitsCpus: true,
  limitsMemory: true,
  limitsSwap: true,
  limitsDisks: true,
};
const n1 = { machineSpec: { machineType: 'n1-standard-4' } };

describe('limitsOf', () => {
  it.each([
    ['a machine type that fits', n1, {}, { NanoCpus: 4e9, Memory: 15 * GIB, MemorySwap: 15 * GIB, ShmSize: 7.5 * GIB }],
    ['too few CPUs', n1, { cpus: 2 }, { Memory: 15 * GIB, MemorySwap: 15 * GIB, ShmSize: 7.5 * GIB }],
    ['too little memory', n1, { memoryBytes: 8 * GIB }, { NanoCpus: 4e9, ShmSize: 4 * GIB }],
    ['no machine type', {}, {}, { ShmSize: 16 * GIB }],
    ['one that the catalog does not know', { machineSpec: { machineType: 'z9' } }, {}, { ShmSize: 16 * GIB }],
    [
      'an engine without CPU quotas',
      n1,
      { limitsCpus: false, limitsSwap: false },
      { Memory: 15 * GIB, ShmSize: 7.5 * GIB },
    ],
    ['an engine without memory limits', n1, { limitsMemory: false }, { NanoCpus: 4e9, ShmSize: 7.5 * GIB }],
    ['a boot disk', { diskSpec: { bootDiskSizeGb: 200 } }, {}, { ShmSize: 16 * GIB, StorageOpt: { size: '200G' } }],
    [
      'a boot disk that cannot be limited',
      { diskSpec: { bootDiskSizeGb: 200 } },
      { limitsDisks: false },
      { ShmSize: 16 * GIB },
    ],
    ['an engine that does not tell its memory', {}, { memoryBytes: Number.POSITIVE_INFINITY }, {}],
  ])('%s', (_name, pool, more, limits) => {
    expect(limitsOf(pool, { ...machine, ...more })).toEqual(limits);
  });
});
