import { describe, expect, it } from '@jest/globals';
import { imageName, isImageId } from '../../../../src/local/containers/engine/image-name.ts';

describe('names of images', () => {
  const digest = `sha256:${'a'.repeat(64)}`;
  it.each([
    ['python', { name: 'python', reference: 'latest', registry: 'docker.io' }],
    ['python:3.12', { name: 'python', reference: '3.12', registry: 'docker.io' }],
    ['me/app', { name: 'me/app', reference: 'latest', registry: 'docker.io' }],
    ['localhost:5000/app', { name: 'localhost:5000/app', reference: 'latest', registry: 'localhost:5000' }],
    ['eu.host/p/app:1', { name: 'eu.host/p/app', reference: '1', registry: 'eu.host' }],
    [`eu.host/p/app:1@${digest}`, { name: 'eu.host/p/app', reference: digest, registry: 'eu.host' }],
  ])('image %s', (image, expected) => {
    expect(imageName(image)).toEqual(expected);
  });

  it('knows an image id', () => {
    expect([isImageId(digest), isImageId(`app@${digest}`)]).toEqual([true, false]);
  });
});
