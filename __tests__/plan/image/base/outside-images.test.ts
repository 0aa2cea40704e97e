// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what a Dockerfile holds
import { describe, expect, test } from '@jest/globals';
import { outsideImages } from '../../../../src/plan/image/base/outside-images.ts';

describe('the images from outside that a build reads', () => {
  test.each([
    { name: 'one FROM', text: 'FROM a', images: ['a'] },
    { name: 'a platform before the name', text: 'FROM --platform=linux/amd64 a AS x', images: ['a'] },
    { name: 'the empty image is none', text: 'FROM scratch\nCOPY --from=b /x /x', images: ['b'] },
    { name: 'no FROM', text: 'ARG A=1', images: [] },
    { name: 'each once', text: 'FROM a AS x\nFROM a\nCOPY --from=x / /', images: ['a'] },
    { name: 'a stage that the target does not need', text: 'FROM a AS x\nFROM b', images: ['b'] },
    { name: 'a chain of stages', text: 'FROM a AS x\nFROM x AS y\nFROM y', images: ['a'] },
    { name: 'names of stages in any case', text: 'FROM a AS Xx\nFROM xX', images: ['a'] },
    { name: 'stages by number', text: 'FROM a\nFROM b\nCOPY --from=0 / /', images: ['a', 'b'] },
    { name: 'a stage is read by a copy alone', text: 'FROM a AS x\nFROM b\nADD --from=x / /', images: ['a', 'b'] },
    {
      name: 'an image that a copy reads',
      text: 'FROM a\nCOPY --from=ghcr.io/x/uv:1 /uv /',
      images: ['a', 'ghcr.io/x/uv:1'],
    },
    {
      name: 'every mount of a RUN, over lines',
      text: 'FROM a\nRUN --mount=type=bind,from=m1,target=/x \\\n  --mount=target=/y,from=m2 --mount=type=cache,target=/z x',
      images: ['a', 'm1', 'm2'],
    },
    {
      name: 'a mount of a stage that nothing else reads',
      text: 'FROM a AS w\nFROM b\nRUN --mount=from=w,target=/w x',
      images: ['a', 'b'],
    },
    {
      name: 'what a needed stage reads',
      text: 'FROM a AS x\nCOPY --from=c / /\nFROM x AS y\nRUN --mount=from=d,target=/d x\nFROM y',
      images: ['a', 'c', 'd'],
    },
    {
      name: 'a later stage of that name is an image',
      text: 'FROM b AS x\nCOPY --from=y / /\nFROM x AS y',
      images: ['b', 'y'],
    },
    { name: 'a default', text: 'ARG B=a\nFROM ${B}', images: ['a'] },
    { name: 'a build argument', text: 'ARG BASE_IMAGE=a\nFROM ${BASE_IMAGE}', images: ['n'] },
    { name: 'a fallback in place', text: 'ARG V=\nFROM a:${V:-1}', images: ['a:1'] },
    { name: 'an unknown variable', text: 'FROM a:$V', images: [] },
    {
      name: 'an unknown platform variable',
      text: 'FROM a AS x-$TARGETARCH\nFROM b\nCOPY --from=x-$TARGETARCH / /',
      images: ['b'],
    },
    {
      name: 'a variable that a stage declares',
      text: 'ARG U=1\nFROM a\nARG U\nCOPY --from=u:$U / /',
      images: ['a', 'u:1'],
    },
    { name: 'a variable of the environment', text: 'FROM a\nENV U=2 W=3\nCOPY --from=u:$U / /', images: ['a', 'u:2'] },
    { name: 'the old form of ENV', text: 'FROM a\nENV U 2\nCOPY --from=u:$U / /', images: ['a', 'u:2'] },
    { name: 'a target', text: 'FROM a AS x\nFROM b', target: 'X', images: ['a'] },
    { name: 'a target by number', text: 'FROM a AS x\nFROM b', target: '0', images: ['a'] },
    { name: 'a target that is none', text: 'FROM a AS x\nFROM b', target: 'z', images: [] },
  ])('$name', ({ text, images, ...more }) => {
    expect(outsideImages(text, { BASE_IMAGE: 'n' }, 'target' in more ? more.target : undefined)).toEqual(images);
  });
});
