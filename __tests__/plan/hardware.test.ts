import { describe, expect, test } from '@jest/globals';
import { faultText } from '../../src/faults.ts';
import { MACHINES } from '../../src/plan/catalog.ts';
import { chooseHardware, type HardwareRequest } from '../../src/plan/hardware.ts';

const choose = (request: Partial<HardwareRequest>) =>
  chooseHardware({
    machineType: undefined,
    acceleratorType: undefined,
    acceleratorCount: undefined,
    region: 'us-central1',
    ...request,
  });

const told = ({ faults, warnings }: ReturnType<typeof chooseHardware>) => ({
  faults: faults.map(faultText),
  warnings: warnings.map(faultText),
});

describe('chosen', () => {
  test.each<{ name: string; request: Partial<HardwareRequest>; spec: object; why: string }>([
    {
      name: 'nothing asked for',
      request: {},
      spec: { machineType: 'n1-standard-4' },
      why: 'n1-standard-4: the default without accelerators',
    },
    {
      name: 'an L4',
      request: { acceleratorType: 'l4' },
      spec: { machineType: 'g2-standard-4', acceleratorType: 'NVIDIA_L4', acceleratorCount: 1 },
      why: 'g2-standard-4: the smallest with 1 NVIDIA_L4 and at least 4 vCPUs for each (4 vCPUs, 16 GB)',
    },
    {
      name: 'a T4: not the n1 of 2 vCPUs, which is smaller',
      request: { acceleratorType: 'NVIDIA_TESLA_T4' },
      spec: { machineType: 'n1-standard-4', acceleratorType: 'NVIDIA_TESLA_T4', acceleratorCount: 1 },
      why: 'n1-standard-4: the smallest with 1 NVIDIA_TESLA_T4 and at least 4 vCPUs for each (4 vCPUs, 15 GB)',
    },
    {
      name: 'two P100, which need 8 vCPUs',
      request: { acceleratorType: 'p100', acceleratorCount: 2 },
      spec: { machineType: 'n1-standard-8', acceleratorType: 'NVIDIA_TESLA_P100', acceleratorCount: 2 },
      why: 'n1-standard-8: the smallest with 2 NVIDIA_TESLA_P100 and at least 4 vCPUs for each (8 vCPUs, 30 GB)',
    },
    {
      name: 'eight H100',
      request: { acceleratorType: 'h100', acceleratorCount: 8 },
      spec: { machineType: 'a3-highgpu-8g', acceleratorType: 'NVIDIA_H100_80GB', acceleratorCount: 8 },
      why: 'a3-highgpu-8g: the smallest with 8 NVIDIA_H100_80GB and at least 4 vCPUs for each (208 vCPUs, 1872 GB)',
    },
    {
      name: 'a machine',
      request: { machineType: 'e2-standard-8' },
      spec: { machineType: 'e2-standard-8' },
      why: 'e2-standard-8: as asked',
    },
    {
      name: 'a machine and an accelerator',
      request: { machineType: 'n1-highmem-8', acceleratorType: 'v100', acceleratorCount: 2 },
      spec: { machineType: 'n1-highmem-8', acceleratorType: 'NVIDIA_TESLA_V100', acceleratorCount: 2 },
      why: 'n1-highmem-8: as asked',
    },
    {
      name: 'a machine of a fixed GPU number brings its own',
      request: { machineType: 'a2-highgpu-4g' },
      spec: { machineType: 'a2-highgpu-4g', acceleratorType: 'NVIDIA_TESLA_A100', acceleratorCount: 4 },
      why: 'a2-highgpu-4g: as asked; it always carries 4 NVIDIA_TESLA_A100',
    },
    {
      name: 'a machine that may carry accelerators brings none by itself',
      request: { machineType: 'n1-standard-8' },
      spec: { machineType: 'n1-standard-8' },
      why: 'n1-standard-8: as asked',
    },
  ])('$name', ({ request, spec, why }) => {
    const answer = choose(request);
    expect(told(answer)).toEqual({ faults: [], warnings: [] });
    expect(answer.hardware).toEqual({ spec, why });
  });

  test('a TPU machine is not praised for vCPUs that it is not known to have', () => {
    expect(choose({ acceleratorType: 'TPU_V2', acceleratorCount: 8 }).hardware?.why).not.toContain('4 vCPUs');
  });

  test('a machine that must carry one of several accelerators is refused without one', () => {
    expect(told(choose({ machineType: 'cloud-tpu' })).faults).toEqual([
      'accelerator_type is missing: cloud-tpu always carries accelerators. Name one: 8 TPU_V2; 8 TPU_V3. [accelerator-missing]',
    ]);
  });
});

describe('refused', () => {
  test.each<{ name: string; request: Partial<HardwareRequest>; fault: string }>([
    {
      name: 'a count that no machine carries',
      request: { acceleratorType: 't4', acceleratorCount: 3 },
      fault: 'accelerator_count: no machine carries 3 NVIDIA_TESLA_T4. Accepted counts: 1, 2, 4. [accelerator-count]',
    },
    {
      name: 'an accelerator that the catalog puts on no machine',
      request: { acceleratorType: 'k80' },
      fault:
        'accelerator_count: no machine carries 1 NVIDIA_TESLA_K80. No machine in the catalog carries it; name machine_type. [accelerator-count]',
    },
    {
      name: 'a count that the machine does not carry',
      request: { machineType: 'n1-standard-4', acceleratorType: 't4', acceleratorCount: 3 },
      fault:
        'accelerator_count: 3 NVIDIA_TESLA_T4 does not go with machine_type n1-standard-4: n1-standard-4 carries 1 or 2 or 4 NVIDIA_TESLA_P4; 1 or 2 or 4 NVIDIA_TESLA_P100; 1 or 2 or 4 NVIDIA_TESLA_T4; 1 or 2 or 4 or 8 NVIDIA_TESLA_V100. Accepted counts: 1, 2, 4. Or leave machine_type out. [accelerator-machine]',
    },
    {
      name: 'an accelerator on a machine of another',
      request: { machineType: 'a2-highgpu-1g', acceleratorType: 't4' },
      fault:
        'accelerator_type: 1 NVIDIA_TESLA_T4 does not go with machine_type a2-highgpu-1g: a2-highgpu-1g carries 1 NVIDIA_TESLA_A100. 1 NVIDIA_TESLA_T4 is carried by n1-highmem-2, n1-standard-4, n1-highmem-4. Or leave machine_type out. [accelerator-machine]',
    },
    {
      name: 'an accelerator on a machine of none',
      request: { machineType: 'e2-standard-4', acceleratorType: 'l4' },
      fault:
        'accelerator_type: 1 NVIDIA_L4 does not go with machine_type e2-standard-4: e2-standard-4 carries no accelerators. 1 NVIDIA_L4 is carried by g2-standard-4, g2-standard-8, g2-standard-12. Or leave machine_type out. [accelerator-machine]',
    },
    {
      name: 'a slip of the pen',
      request: { machineType: 'n1-standrad-4' },
      fault:
        'machine_type: "n1-standrad-4" is not in the catalog of training machines; the nearest is n1-standard-4. Mend the name. [machine-name]',
    },
    {
      name: 'capitals',
      request: { machineType: 'N1-STANDARD-4' },
      fault:
        'machine_type: "N1-STANDARD-4" is not in the catalog of training machines; the nearest is n1-standard-4. Mend the name. [machine-name]',
    },
  ])('$name', ({ request, fault }) => {
    const answer = choose(request);
    expect(told(answer).faults).toEqual([fault]);
    expect(answer.hardware).toBeUndefined();
  });

  test('two wrong names are told together', () => {
    const { faults } = told(choose({ machineType: 'x', acceleratorType: 'l44' }));
    expect(faults.map((fault) => fault.slice(0, 67))).toEqual([
      'accelerator_type: "l44" is no accelerator. The nearest is NVIDIA_L4',
      'machine_type: "x" is not in the catalog of training machines; the n',
    ]);
  });
});

describe('warned of', () => {
  test.each<{ name: string; request: Partial<HardwareRequest>; warning: string }>([
    {
      name: 'a machine of a new family',
      request: { machineType: 'z9-hyperscale-128' },
      warning: 'is not in the catalog of training machines; the nearest is',
    },
    {
      name: 'a new size of a known family',
      request: { machineType: 'n1-standard-5' },
      warning:
        'machine_type: "n1-standard-5" is not in the catalog of training machines; the nearest is n1-standard-4. [machine-unlisted]',
    },
    {
      name: 'a region that is not listed',
      request: { region: 'mars-east1' },
      warning:
        'region: mars-east1 is not in the catalog of training regions; the nearest name is us-east1. [region-unlisted]',
    },
    {
      name: 'a region without the accelerator',
      request: { region: 'us-east1', acceleratorType: 'a100-80gb' },
      warning:
        'region: us-east1 does not list NVIDIA_A100_80GB for training. Listed: asia-southeast1, europe-west4, us-central1, us-east4, us-east5. [accelerator-region]',
    },
  ])('$name', ({ request, warning }) => {
    const answer = choose(request);
    expect(answer.faults).toEqual([]);
    expect(answer.hardware).toBeDefined();
    expect(told(answer).warnings).toEqual([expect.stringContaining(warning)]);
  });

  test('an unlisted machine keeps the accelerator that is asked for', () => {
    expect(
      choose({ machineType: 'z9-hypergpu-8g', acceleratorType: 'l4', acceleratorCount: 3 }).hardware?.spec,
    ).toEqual({
      machineType: 'z9-hypergpu-8g',
      acceleratorType: 'NVIDIA_L4',
      acceleratorCount: 3,
    });
  });

  test('region local knows no warning', () => {
    expect(told(choose({ region: 'local', acceleratorType: 'b200', acceleratorCount: 8 }))).toEqual({
      faults: [],
      warnings: [],
    });
  });
});

test('every machine of the catalog takes every pair that it lists', () => {
  for (const machine of MACHINES.values()) {
    for (const [type, counts] of Object.entries(machine.accelerators)) {
      for (const count of counts) {
        const answer = choose({ machineType: machine.name, acceleratorType: type, acceleratorCount: count });
        expect([machine.name, answer.faults, answer.hardware?.spec]).toEqual([
          machine.name,
          [],
          { machineType: machine.name, acceleratorType: type, acceleratorCount: count },
        ]);
      }
    }
  }
});

test('the machine that is picked is never larger than another that would do', () => {
  const pairs = new Set(
    [...MACHINES.values()].flatMap(({ accelerators }) =>
      Object.entries(accelerators).flatMap(([type, counts]) => counts.map((count) => `${type} ${count}`)),
    ),
  );
  for (const pair of pairs) {
    const [type = '', count = ''] = pair.split(' ');
    const name = choose({ acceleratorType: type, acceleratorCount: Number(count) }).hardware?.spec.machineType ?? '';
    const wouldDo = [...MACHINES.values()].filter(
      ({ vcpus, accelerators }) =>
        vcpus >= 4 * Number(count) &&
        Object.entries(accelerators).some(([t, c]) => t === type && c.includes(Number(count))),
    );
    if (wouldDo.length === 0) continue;
    const least = Math.min(...wouldDo.map(({ vcpus }) => vcpus));
    expect([pair, MACHINES.get(name)?.vcpus]).toEqual([pair, least]);
  }
});
