import { describe, expect, it } from '@jest/globals';
import { masked } from '../../../src/local/api/read-mask.ts';

describe('masked', () => {
  const resource = { name: 'n', displayName: 'd', jobSpec: { a: 1, bC: 2 } };
  it.each([
    ['name,display_name', { name: 'n', displayName: 'd' }],
    ['jobSpec.b_c', { jobSpec: { bC: 2 } }],
    ['*', resource],
    [null, resource],
    ['nothing', {}],
  ])('%s', (mask, expected) => {
    expect(masked(resource, mask)).toEqual(expected);
  });
});
