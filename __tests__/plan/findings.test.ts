import { describe, expect, test } from '@jest/globals';
import { type Finding, ignoring, leveled, type Origin, Origins, placed } from '../../src/plan/findings.ts';
import { planned, yaml } from './request/judge.ts';

const PLACE = { file: 'job.yaml', line: 3, column: 5 };

describe('the origin of a part', () => {
  const origins = new Origins();
  const given: readonly (readonly [string, Origin])[] = [
    ['spec.workerPoolSpecs', { place: PLACE }],
    ['spec.workerPoolSpecs[0]', { place: { ...PLACE, line: 4 } }],
    ['spec.workerPoolSpecs[0].machineSpec.machineType', { input: 'machine_type' }],
    ['spec.workerPoolSpecs[10]', { input: 'evaluators' }],
    ['study', { place: { ...PLACE, line: 9 } }],
  ];
  for (const [path, origin] of given) origins.set(path, origin);

  test.each([
    { name: 'its own', path: 'spec.workerPoolSpecs[0].machineSpec.machineType', origin: { input: 'machine_type' } },
    {
      name: 'of what is around it',
      path: 'spec.workerPoolSpecs[0].machineSpec.acceleratorType',
      origin: { place: { ...PLACE, line: 4 } },
    },
    { name: 'of the list around it', path: 'spec.workerPoolSpecs[1].machineSpec', origin: { place: PLACE } },
    { name: 'not of an item whose number begins alike', path: 'spec.workerPoolSpecs[1]', origin: { place: PLACE } },
    {
      name: 'of an item with two digits',
      path: 'spec.workerPoolSpecs[10].replicaCount',
      origin: { input: 'evaluators' },
    },
    { name: 'of a study', path: 'study.studySpec.metrics[0].goal', origin: { place: { ...PLACE, line: 9 } } },
    { name: 'none', path: 'spec.network', origin: {} },
    { name: 'not of a field whose name begins alike', path: 'studySpec', origin: {} },
  ])('$name', ({ path, origin }) => {
    expect(origins.of(path)).toEqual(origin);
  });
});

describe('a finding is told', () => {
  const finding: Finding = { level: 'error', rule: 'r', path: 'spec.network', message: 'is wrong.' };
  test.each([
    {
      name: 'on its input',
      origin: { input: 'network' },
      fault: { rule: 'r', input: 'network', place: undefined, message: 'is wrong.' },
    },
    {
      name: 'on its line, with its path',
      origin: { place: PLACE },
      fault: { rule: 'r', input: undefined, place: PLACE, message: 'network: is wrong.' },
    },
    {
      name: 'with its path where nobody gave it',
      origin: {},
      fault: { rule: 'r', input: undefined, place: undefined, message: 'network: is wrong.' },
    },
  ])('$name', ({ origin, fault }) => {
    const origins = new Origins();
    origins.set('spec.network', origin);
    expect(placed(finding, origins)).toEqual(fault);
  });

  test('once, where an input gives it to several pools', () => {
    const origins = new Origins();
    for (const index of [0, 1]) origins.set(`spec.workerPoolSpecs[${index}].diskSpec`, { input: 'boot_disk_size_gb' });
    const findings = [0, 1].map((index): Finding => ({ ...finding, path: `spec.workerPoolSpecs[${index}].diskSpec` }));
    expect(leveled(findings, origins).errors).toHaveLength(1);
  });
});

describe('ignored', () => {
  const fault = (rule: string) => ({ rule, message: rule });
  const found = { errors: [fault('a'), fault('b'), fault('a')], warnings: [fault('c'), fault('a')] };
  test('findings of a rule are notes, the errors first', () => {
    expect(ignoring(found, ['a'])).toEqual({
      errors: [fault('b')],
      warnings: [fault('c')],
      notes: [fault('a'), fault('a'), fault('a')],
    });
  });

  test('a rule that found nothing is told, with the nearest that did', () => {
    const { warnings } = ignoring({ errors: [fault('disk-size')], warnings: [] }, ['disk-sise']);
    expect(warnings).toEqual([
      {
        rule: 'ignore-idle',
        input: 'ignore',
        message: 'names "disk-sise", a rule that found nothing here; the nearest that found something is disk-size.',
      },
    ]);
  });

  test('nothing leaves all as it is', () => {
    expect(ignoring(found, [])).toEqual({ ...found, notes: [] });
  });
});

test('every part of a request knows where it came from', () => {
  const config = yaml`
    scheduling:
      timeout: 60s
    workerPoolSpecs:
      - machineSpec:
          machineType: n1-standard-8
        containerSpec:
          env:
            - name: A
              value: b
  `;
  const { origins } = planned({ strategy: 'SPOT', replica_count: '2', args: '--x' }, config);
  const where = (path: string) => {
    const { input, place } = origins.of(path);
    return input ?? `${place?.file}:${place?.line}:${place?.column}`;
  };
  expect(where('spec.scheduling.timeout')).toBe('job.yaml:2:12');
  expect(where('spec.scheduling.strategy')).toBe('strategy');
  expect(where('spec.scheduling.maxWaitDuration')).toBe('job.yaml:2:3');
  expect(where('spec.workerPoolSpecs[0].machineSpec.machineType')).toBe('job.yaml:5:20');
  expect(where('spec.workerPoolSpecs[0].machineSpec.acceleratorType')).toBe('job.yaml:5:7');
  expect(where('spec.workerPoolSpecs[0].replicaCount')).toBe('replica_count');
  expect(where('spec.workerPoolSpecs[1].machineSpec.machineType')).toBe('replica_count');
  expect(where('spec.workerPoolSpecs[1].containerSpec.args')).toBe('args');
  expect(where('spec.workerPoolSpecs[0].containerSpec.env[0].value')).toBe('job.yaml:9:18');
  expect(where('spec.workerPoolSpecs[0].containerSpec.imageUri')).toBe('image');
});
