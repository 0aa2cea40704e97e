import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { faultText } from '../../src/faults.ts';
import { judgeImageName, judgeRegistry, parseArtifactName } from '../../src/plan/image-name.ts';

describe('a name at Artifact Registry', () => {
  test.each([
    {
      name: 'us-central1-docker.pkg.dev/my-project/training/mnist',
      parts: ['my-project', 'us-central1', 'training', 'mnist'],
    },
    { name: 'US-docker.pkg.dev/p/r/a/b/c', parts: ['p', 'us', 'r', 'a/b/c'] },
    { name: 'europe-docker.pkg.dev/p/r/i', parts: ['p', 'europe', 'r', 'i'] },
    { name: 'asia-docker.pkg.dev/p/r/i', parts: ['p', 'asia', 'r', 'i'] },
    { name: 'docker.us-central1.rep.pkg.dev/p/r/i', parts: ['p', 'us-central1', 'r', 'i'] },
    { name: 'us-east5-docker.pkg.dev/example.com/p/r/i', parts: ['example.com:p', 'us-east5', 'r', 'i'] },
    { name: 'gcr.io/p/i', parts: ['p', 'us', 'gcr.io', 'i'] },
    { name: 'us.gcr.io/p/i', parts: ['p', 'us', 'us.gcr.io', 'i'] },
    { name: 'eu.gcr.io/p/a/b', parts: ['p', 'europe', 'eu.gcr.io', 'a/b'] },
    { name: 'asia.gcr.io/example.com/p/i', parts: ['example.com:p', 'asia', 'asia.gcr.io', 'i'] },
  ])('$name is taken apart', ({ name, parts }) => {
    const [project, location, repository, image] = parts;
    expect(parseArtifactName(name)).toEqual({ project, location, repository, image });
    expect(judgeImageName(name)).toEqual([]);
  });

  test.each([
    'docker.io/me/train',
    'me/train',
    'us-docker.pkg.dev',
    'us-docker.pkg.dev/p',
    'us-docker.pkg.dev/p/r',
    'us-docker.pkg.dev/p//i',
    'us-docker.pkg.dev/example.com/p/i',
    'us-docker.pkg.dev.evil.example/p/r/i',
    'evil-gcr.io/p/i',
    'k8s.gcr.io/p/i',
    'gcr.io/p',
    'us-python.pkg.dev/p/r/i',
    '',
  ])('%j is none', (name) => {
    expect(parseArtifactName(name)).toBeUndefined();
  });

  test('never throws, whatever it is', () => {
    const odd = fc.array(fc.constantFrom('gcr.io', '/', 'us-docker.pkg.dev', '.', ':', 'p', '', '..', '__proto__'));
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          odd.map((parts) => parts.join('')),
        ),
        (name) => {
          const parsed = parseArtifactName(name);
          judgeImageName(name);
          judgeRegistry(name);
          return parsed === undefined || Object.values(parsed).every((part) => part !== '');
        },
      ),
    );
  });
});

describe('an error in the name', () => {
  test.each([
    {
      name: 'us-docker.pkg.dev/p/mnist',
      text: 'image: "us-docker.pkg.dev/p/mnist" names no repository of Artifact Registry. An image there is LOCATION-docker.pkg.dev/PROJECT/REPOSITORY/IMAGE, such as us-docker.pkg.dev/p/REPOSITORY/mnist. [image-repository]',
    },
    {
      name: 'us-docker.pkg.dev/example.com/p/mnist',
      text: 'image: "us-docker.pkg.dev/example.com/p/mnist" names no repository of Artifact Registry. An image there is LOCATION-docker.pkg.dev/PROJECT/REPOSITORY/IMAGE, such as us-docker.pkg.dev/example.com/p/REPOSITORY/mnist. [image-repository]',
    },
    {
      name: 'us-central1-a-docker.pkg.dev/p/r/mnist',
      text: 'image: "us-central1-a-docker.pkg.dev/p/r/mnist" names the zone us-central1-a. Artifact Registry is in regions: write us-central1-docker.pkg.dev/p/r/mnist. [image-repository]',
    },
    {
      name: 'us-central1-python.pkg.dev/p/r/mnist',
      text: 'image: "us-central1-python.pkg.dev/p/r/mnist" is at "us-central1-python.pkg.dev", which is no host for images. Write LOCATION-docker.pkg.dev/PROJECT/REPOSITORY/IMAGE. [image-repository]',
    },
    {
      name: 'gcr.io/mnist',
      text: 'image: "gcr.io/mnist" names no image in a project. Write gcr.io/PROJECT/IMAGE, or better LOCATION-docker.pkg.dev/PROJECT/REPOSITORY/IMAGE. [image-repository]',
    },
  ])('$name', ({ name, text }) => {
    expect(judgeImageName(name).map(faultText)).toEqual([text]);
  });

  test.each(['me/train', 'train', 'ghcr.io/me/train', 'localhost:5000/p'])('%s has none', (name) => {
    expect(judgeImageName(name)).toEqual([]);
  });
});

describe('a registry that Vertex AI is not documented to pull from', () => {
  test.each(['ghcr.io/me/train', 'quay.io/me/train', 'host:5000/train', '10.0.0.1:5000/a', 'pkg.dev.evil.example/a'])(
    '%s is warned about',
    (name) => {
      expect(judgeRegistry(name)).toEqual([
        {
          rule: 'image-registry',
          input: 'image',
          message: expect.stringContaining(`is at ${name.split('/', 1)[0]}. `),
        },
      ]);
    },
  );

  test.each([
    'train',
    'me/train',
    'docker.io/me/train',
    'us-docker.pkg.dev/p/r/i',
    'gcr.io/p/i',
    'eu.gcr.io/p/i',
    'localhost:5000/i',
    '127.0.0.1:5000/i',
  ])('%s is not', (name) => {
    expect(judgeRegistry(name)).toEqual([]);
  });
});
