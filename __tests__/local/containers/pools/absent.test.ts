import { describe, expect, it } from '@jest/globals';
import { absences } from '../../../../src/local/containers/pools/absent.ts';
import type { CustomJobSpec, WorkerPoolSpec } from '../../../../src/vertex/types.ts';

const machine = {
  cpus: 2,
  memoryBytes: 2 ** 33,
  limitsCpus: true,
  limitsMemory: true,
  limitsSwap: true,
  limitsDisks: false,
};
const spec = (pool: WorkerPoolSpec, more: Partial<CustomJobSpec> = {}) => ({ workerPoolSpecs: [pool, pool], ...more });
const shell =
  'There is no web access here. A shell in a running replica: docker exec -it $(docker ps -q ' +
  '--filter label=train-on-vertex.job=42 --filter label=train-on-vertex.replica=workerpool0-0) sh';

describe('absences', () => {
  it.each([
    ['nothing that is missing', spec({ machineSpec: { machineType: 'n1-standard-4' } }), []],
    [
      'disks',
      spec({ diskSpec: { bootDiskSizeGb: 500 } }),
      [['INFO', "This engine limits no disk: the job's 500 GB are what this machine has free."]],
    ],
    ['a disk type alone', spec({ diskSpec: { bootDiskType: 'pd-ssd' } }), []],
    [
      'shares',
      spec({ nfsMounts: [{ mountPoint: 'a' }, { mountPoint: 'b' }], lustreMounts: [{ mountPoint: 'c' }] }),
      [
        [
          'WARNING',
          'File shares are not mounted here: the program does not find /mnt/nfs/a, /mnt/nfs/b, /mnt/lustre/c.',
        ],
      ],
    ],
    ['a shell', spec({}, { enableWebAccess: true }), [['INFO', shell]]],
    ['a dashboard', spec({}, { enableDashboardAccess: true }), [['INFO', shell]]],
    [
      'TPUs by type',
      spec({ machineSpec: { acceleratorType: 'TPU_V3', acceleratorCount: 8 } }),
      [['WARNING', 'There are no TPUs here: the job runs without.']],
    ],
    [
      'TPUs by topology',
      spec({ machineSpec: { machineType: 'ct5lp-hightpu-1t', tpuTopology: '1x1' } }),
      [['WARNING', 'There are no TPUs here: the job runs without.']],
    ],
  ])('%s', (_name, given, notes) => {
    const found = absences(given, '42', machine).map(({ severity, textPayload }) => [severity, textPayload]);
    expect(found).toEqual(notes);
  });

  it('says nothing of disks that the engine limits', () => {
    expect(absences(spec({ diskSpec: { bootDiskSizeGb: 500 } }), '42', { ...machine, limitsDisks: true })).toEqual([]);
  });
});
