import { describe, expect, it } from '@jest/globals';
import { projectNumber } from '../../../src/local/api/ids.ts';

describe('projectNumber', () => {
  it('gives a project the same number each time, and a number itself', () => {
    expect(projectNumber('123456')).toBe('123456');
    expect(projectNumber('my-project')).toMatch(/^\d{12}$/);
    expect(projectNumber('my-project')).toBe(projectNumber('my-project'));
  });
});
