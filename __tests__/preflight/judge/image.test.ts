import { describe, expect, test } from '@jest/globals';
import { judgeRepository } from '../../../src/preflight/judge/image.ts';
import { checkOf, told } from '../given.ts';

describe('the repository of an image that nobody builds', () => {
  const check = checkOf('image', { model: 'm', serving_image: 'us-docker.pkg.dev/other-project/serving/app:1' });
  const repository = { name: '', format: 'DOCKER', mode: undefined, immutableTags: false };
  const place = 'serving_image names the image app in projects/other-project/locations/us/repositories/serving';

  test.each([
    { name: 'is there', repository, found: [] },
    {
      name: 'is missing',
      repository: undefined,
      found: [
        `error: ${place}, and there is no such repository. \`gcloud artifacts repositories list --location=us --project=other-project\` shows those there are. [image-repository]`,
      ],
    },
    {
      name: 'is for packages',
      repository: { ...repository, format: 'PYTHON' },
      found: [
        `error: ${place}, a repository of format PYTHON: images are in those of format DOCKER. [image-repository]`,
      ],
    },
  ])('that $name', ({ repository: told_, found }) => {
    expect(told(judgeRepository(check, told_))).toEqual(found);
  });
});
