import { describe, expect, it } from '@jest/globals';
import { bestTrial } from '../../src/local/best-trial.ts';
import { placeOf } from '../../src/local/ids.ts';
import { modelTarget } from '../../src/local/model-target.ts';
import { ModelStore } from '../../src/local/models.ts';
import type { Goal, StudySpec, Trial } from '../../src/vertex/types.ts';

describe('ModelStore', () => {
  const name = 'projects/1/locations/l/models/m';

  it('numbers versions, and gives the first as the default', () => {
    const store = new ModelStore();
    expect(store.add(name, { displayName: 'one' }, 'T1')).toEqual({
      name,
      displayName: 'one',
      versionId: '1',
      versionAliases: ['default'],
      createTime: 'T1',
      updateTime: 'T1',
      versionCreateTime: 'T1',
      versionUpdateTime: 'T1',
    });
    const second = store.add(name, { displayName: 'two' }, 'T2');
    expect(second).toMatchObject({ versionId: '2', createTime: 'T1', versionCreateTime: 'T2' });
    expect(second).not.toHaveProperty('versionAliases');
    expect([store.get(name), store.get(name, '2')].map(({ displayName }) => displayName)).toEqual(['one', 'two']);
  });

  it('moves an alias to the version that asks for it', () => {
    const store = new ModelStore();
    store.add(name, { displayName: 'one', versionAliases: ['best'] }, 'T1');
    store.add(name, { displayName: 'two', versionAliases: ['default', 'best'] }, 'T2');
    expect([store.get(name).versionId, store.get(name, 'best').versionId]).toEqual(['2', '2']);
    expect(store.get(name, '1')).not.toHaveProperty('versionAliases');
  });

  it.each([
    [undefined, `The Model does not exist: ${name}`],
    ['3', `The Model does not exist: ${name}@3`],
  ])('does not know version %s', (version, message) => {
    expect(() => new ModelStore().get(name, version)).toThrow(message);
  });
});

describe('modelTarget', () => {
  const place = placeOf('12', 'us-central1');
  const own = 'projects/12/locations/us-central1/models/m';
  const store = new ModelStore();
  store.add(own, { displayName: 'm' }, 'T');
  it.each([
    ['an id that the service picks', {}, undefined],
    ['an id of one’s own', { modelId: 'x' }, 'projects/12/locations/us-central1/models/x'],
    ['a parent', { parentModel: own, modelId: 'x' }, own],
  ])('is %s', (_name, asked, expected) => {
    expect(modelTarget(place, asked, store)).toBe(expected);
  });
  it.each([
    ['in another region', own.replace('us-central1', 'us-west1'), /Field: parent_model; .*must be in/],
    ['that is not there', own.replace(/m$/, 'n'), /^The Model does not exist: .*models\/n$/],
  ])('is no parent %s', (_name, parentModel, message) => {
    expect(() => modelTarget(place, { parentModel }, store)).toThrow(message);
  });
});

describe('bestTrial', () => {
  const study = (...goals: Goal[]): StudySpec => ({
    metrics: goals.map((goal, index) => ({ metricId: `m${index}`, goal })),
    parameters: [],
  });
  const trial = (id: string, state: Trial['state'], ...values: number[]): Trial => ({
    id,
    state,
    parameters: [],
    finalMeasurement: { metrics: values.map((value, index) => ({ metricId: `m${index}`, value })) },
  });
  it.each([
    ['the highest', study('MAXIMIZE'), [trial('1', 'SUCCEEDED', 1), trial('2', 'SUCCEEDED', 3)], '2'],
    ['the lowest', study('MINIMIZE'), [trial('1', 'SUCCEEDED', 1), trial('2', 'SUCCEEDED', 3)], '1'],
    [
      'the highest without a goal',
      study('GOAL_TYPE_UNSPECIFIED'),
      [trial('2', 'SUCCEEDED', 3), trial('1', 'SUCCEEDED', 1)],
      '2',
    ],
    ['the lower id of equals', study('MAXIMIZE'), [trial('10', 'SUCCEEDED', 1), trial('9', 'SUCCEEDED', 1)], '9'],
    ['none that failed', study('MAXIMIZE'), [trial('1', 'SUCCEEDED', 1), trial('2', 'INFEASIBLE', 3)], '1'],
    [
      'the first metric',
      study('MAXIMIZE', 'MAXIMIZE'),
      [trial('1', 'SUCCEEDED', 1, 9), trial('2', 'SUCCEEDED', 2, 0)],
      '2',
    ],
    ['nothing of nothing', study('MAXIMIZE'), [trial('1', 'SUCCEEDED')], undefined],
  ])('is %s', (_name, spec, trials, expected) => {
    expect(bestTrial(spec, trials)?.id).toBe(expected);
  });
});
