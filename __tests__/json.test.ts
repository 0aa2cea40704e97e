import { describe, expect, test } from '@jest/globals';
import { mapTexts } from '../src/json.ts';

describe('texts', () => {
  const hidden = (text: string) => text.replaceAll('e', '*');

  test('are changed wherever they stand, and numbers are not', () => {
    expect(mapTexts({ name: 'one', list: ['two', 3, null, undefined, ['three']] }, hidden)).toEqual({
      name: 'on*',
      list: ['two', 3, null, undefined, ['thr**']],
    });
  });

  test.each(['metrics', 'parameters', 'labels'])('are changed in the names of %s', (key) => {
    expect(mapTexts({ [key]: { rate: 1 } }, hidden)).toEqual({ [key]: { 'rat*': 1 } });
  });

  test('are not the keys that the code itself goes by', () => {
    const trial = { state: 'FAILED', parameters: [{ parameterId: 'rate', value: 'x' }] };
    expect(mapTexts({ trials: [trial] }, hidden)).toEqual({
      trials: [{ state: 'FAILED', parameters: [{ parameterId: 'rat*', value: 'x' }] }],
    });
  });
});
