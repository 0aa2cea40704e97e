import { describe, expect, it } from '@jest/globals';
import { placeOf } from '../../../src/local/api/ids.ts';
import { ModelStore } from '../../../src/local/models/store.ts';
import { modelTarget } from '../../../src/local/models/target.ts';

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
    ['a parent', { parentModel: own, modelId: 'm' }, own],
  ])('is %s', (_name, asked, expected) => {
    expect(modelTarget(place, asked, store)).toBe(expected);
  });
  it.each([
    ['in another region', own.replace('us-central1', 'us-west1'), /Field: parent_model; .*must be in/],
    ['that is not there', own.replace(/m$/, 'n'), /^The Model does not exist: .*models\/n$/],
  ])('is no parent %s', (_name, parentModel, message) => {
    expect(() => modelTarget(place, { parentModel }, store)).toThrow(message);
  });

  it('is no new model where there is one of that id', () => {
    expect(() => modelTarget(place, { modelId: 'm' }, store)).toThrow(/^The Model already exists: .*models\/m/);
  });
});
