import { describe, expect, test } from '@jest/globals';
import { faultText } from '../../../src/faults.ts';
import { judgeSecretMounts } from '../../../src/plan/image/secret-mounts.ts';

const judged = (run: string, given: readonly string[]) => {
  const { errors, warnings } = judgeSecretMounts({ dockerfile: 'Dockerfile', text: `FROM a\nRUN ${run}\n`, given });
  return [errors.map(faultText), warnings.map(faultText)];
};
const MEND = 'Give it in build_secrets, build_secret_envs or build_secret_files. [secret-missing]';
const GOES_WITHOUT = 'which no input gives: the file is not there, and what reads it goes without.';

describe('secrets that RUN mounts', () => {
  test.each<{ name: string; run: string; given?: string[]; errors?: string[]; warnings?: string[] }>([
    { name: 'none', run: 'true' },
    { name: 'given', run: '--mount=type=secret,id=a true', given: ['a'] },
    { name: 'given, by the name of its file', run: '--mount=type=secret,target=/root/.netrc true', given: ['.netrc'] },
    { name: 'another kind of mount', run: '--mount=type=cache,id=a,target=/c true' },
    { name: 'an id that a variable makes', run: '--mount=type=secret,id=$ID true' },
    {
      name: 'required and missing',
      run: '--mount=type=secret,id=netrc,required=true true',
      given: ['nertc'],
      errors: [
        `Dockerfile:2: RUN mounts the secret "netrc", which no input gives: the build fails. The nearest that is given is "nertc". ${MEND}`,
      ],
      warnings: [
        'build_secrets: gives the secret "nertc", which no RUN of Dockerfile mounts (--mount=type=secret,id=nertc). Remove it, or mount it. [secret-unused]',
      ],
    },
    {
      name: 'two mounts of one RUN, on lines of their own',
      run: '--mount=type=secret,id=a \\\n  --mount=type=secret,id=b true',
      given: ['a'],
      warnings: [`Dockerfile:3: RUN mounts the secret "b", ${GOES_WITHOUT} The nearest that is given is "a". ${MEND}`],
    },
    {
      name: 'not required',
      run: '--mount=type=secret,id=a,required=false true',
      warnings: [`Dockerfile:2: RUN mounts the secret "a", ${GOES_WITHOUT} ${MEND}`],
    },
  ])('$name', ({ run, given = [], errors = [], warnings = [] }) => {
    expect(judged(run, given)).toEqual([errors, warnings]);
  });
});
