import { describe, expect, test } from '@jest/globals';
import { judgeProject } from '../../../src/preflight/judge/project.ts';
import { checkOf, told } from '../given.ts';

const PROJECT = { id: 'my-project', number: '42', state: 'ACTIVE' };

describe('a project', () => {
  const check = checkOf('project', {});

  test.each([
    { state: 'ACTIVE', found: [] },
    { state: undefined, found: [] },
    {
      state: 'DELETE_REQUESTED',
      found: [
        'error: project_id names my-project, which is in state DELETE_REQUESTED. To bring it back: `gcloud projects undelete my-project`. [project-state]',
      ],
    },
    {
      state: 'DELETE_IN_PROGRESS',
      found: ['error: project_id names my-project, which is in state DELETE_IN_PROGRESS. [project-state]'],
    },
  ])('in state $state', ({ state, found }) => {
    expect(told(judgeProject(check, { ...PROJECT, state }))).toEqual(found);
  });
});
