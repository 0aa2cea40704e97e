// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what a Dockerfile holds
import { describe, expect, test } from '@jest/globals';
import { readDockerfile, syntaxImage } from '../../src/plan/dockerfile.ts';

const text = (...lines: string[]) => lines.join('\n');

describe('what a Dockerfile says', () => {
  test.each<{ name: string; file: string; takes: boolean; from: [string, number] | undefined }>([
    {
      name: 'as documented',
      file: text('ARG BASE_IMAGE=python:3.12-slim', 'FROM ${BASE_IMAGE}'),
      takes: true,
      from: ['${BASE_IMAGE}', 2],
    },
    {
      name: 'without braces',
      file: text('ARG BASE_IMAGE=x', 'FROM $BASE_IMAGE'),
      takes: true,
      from: ['$BASE_IMAGE', 2],
    },
    {
      name: 'without a default',
      file: text('ARG BASE_IMAGE', 'FROM ${BASE_IMAGE}'),
      takes: true,
      from: ['${BASE_IMAGE}', 2],
    },
    {
      name: 'with a default in FROM',
      file: text('ARG BASE_IMAGE', 'FROM ${BASE_IMAGE:-x}'),
      takes: true,
      from: ['${BASE_IMAGE:-x}', 2],
    },
    {
      name: 'in small letters',
      file: text('arg BASE_IMAGE=x', 'from ${BASE_IMAGE} as y'),
      takes: true,
      from: ['${BASE_IMAGE}', 2],
    },
    {
      name: 'with a platform',
      file: text('ARG BASE_IMAGE=x', 'FROM --platform=linux/amd64 $BASE_IMAGE'),
      takes: true,
      from: ['$BASE_IMAGE', 2],
    },
    {
      name: 'with a tag behind it',
      file: text('ARG BASE_IMAGE=x', 'FROM ${BASE_IMAGE}:1'),
      takes: true,
      from: ['${BASE_IMAGE}:1', 2],
    },
    {
      name: 'a quoted default',
      file: text('ARG BASE_IMAGE="x:1"', 'FROM $BASE_IMAGE'),
      takes: true,
      from: ['$BASE_IMAGE', 2],
    },
    {
      name: 'Windows line ends',
      file: 'ARG BASE_IMAGE=x\r\nFROM $BASE_IMAGE\r\nRUN y\r\n',
      takes: true,
      from: ['$BASE_IMAGE', 2],
    },
    {
      name: 'a byte order mark',
      file: '\ufeffARG BASE_IMAGE=x\nFROM $BASE_IMAGE',
      takes: true,
      from: ['$BASE_IMAGE', 2],
    },
    {
      name: 'a continued line',
      file: text('ARG BASE_IMAGE=x', 'FROM \\', '  $BASE_IMAGE'),
      takes: true,
      from: ['$BASE_IMAGE', 2],
    },
    {
      name: 'another escape sign',
      file: text('# escape=`', 'ARG BASE_IMAGE=x', 'FROM `', ' $BASE_IMAGE'),
      takes: true,
      from: ['$BASE_IMAGE', 3],
    },
    {
      name: 'comments and empty lines',
      file: text('# syntax=docker/dockerfile:1', '', 'ARG BASE_IMAGE=x', '# y', 'FROM $BASE_IMAGE'),
      takes: true,
      from: ['$BASE_IMAGE', 5],
    },
    {
      name: 'in an early stage',
      file: text('ARG BASE_IMAGE=x', 'FROM $BASE_IMAGE AS a', 'FROM a'),
      takes: true,
      from: ['a', 3],
    },
    {
      name: 'in the last stage',
      file: text('ARG BASE_IMAGE=x', 'FROM node AS a', 'FROM $BASE_IMAGE'),
      takes: true,
      from: ['$BASE_IMAGE', 3],
    },
    { name: 'a plain image', file: 'FROM python:3.12', takes: false, from: ['python:3.12', 1] },
    { name: 'not declared', file: 'FROM ${BASE_IMAGE}', takes: false, from: ['${BASE_IMAGE}', 1] },
    {
      name: 'declared too late',
      file: text('FROM a AS x', 'ARG BASE_IMAGE=b', 'FROM $BASE_IMAGE'),
      takes: false,
      from: ['$BASE_IMAGE', 3],
    },
    { name: 'declared and not used', file: text('ARG BASE_IMAGE=x', 'FROM y'), takes: false, from: ['y', 2] },
    {
      name: 'used in a comment',
      file: text('ARG BASE_IMAGE=x', '# FROM ${BASE_IMAGE}', 'FROM y'),
      takes: false,
      from: ['y', 3],
    },
    {
      name: 'declared in a comment',
      file: text('# ARG BASE_IMAGE=x', 'FROM $BASE_IMAGE'),
      takes: false,
      from: ['$BASE_IMAGE', 2],
    },
    {
      name: 'used in a name only',
      file: text('ARG BASE_IMAGE=x', 'FROM y AS BASE_IMAGE'),
      takes: false,
      from: ['y', 2],
    },
    {
      name: 'a longer variable',
      file: text('ARG BASE_IMAGE=x', 'FROM $BASE_IMAGE_GPU'),
      takes: false,
      from: ['$BASE_IMAGE_GPU', 2],
    },
    {
      name: 'a longer variable in braces',
      file: text('ARG BASE_IMAGE=x', 'FROM ${BASE_IMAGE2}'),
      takes: false,
      from: ['${BASE_IMAGE2}', 2],
    },
    { name: 'another variable', file: text('ARG BASE=x', 'FROM $BASE'), takes: false, from: ['$BASE', 2] },
    {
      name: 'FROM in a here-document',
      file: text('FROM a', 'RUN <<E', 'FROM $BASE_IMAGE', 'E'),
      takes: false,
      from: ['a', 1],
    },
    { name: 'nothing', file: '', takes: false, from: undefined },
    { name: 'no FROM', file: 'RUN x', takes: false, from: undefined },
    { name: 'FROM without an image', file: 'FROM', takes: false, from: undefined },
    { name: 'FROM of another image', file: 'ONBUILD FROM x', takes: false, from: undefined },
    { name: 'no Dockerfile at all', file: '\u0000\u0001[]{}"', takes: false, from: undefined },
  ])('$name', ({ file, takes, from }) => {
    expect(readDockerfile(file)).toEqual({
      takesBaseImage: takes,
      finalFrom: from && { image: from[0], line: from[1] },
    });
  });

  test('BASE_IMAGE beside another argument', () => {
    expect(readDockerfile(text('ARG PYTHON=3 BASE_IMAGE=x', 'FROM $BASE_IMAGE')).takesBaseImage).toBe(true);
  });
});

describe('the frontend', () => {
  test.each([
    { name: 'none', text: 'FROM a\n# syntax=docker/dockerfile:1\n', image: undefined },
    { name: 'named first', text: '# syntax=docker/dockerfile:1\nFROM a\n', image: 'docker/dockerfile:1' },
    { name: 'named after another directive', text: '# escape=`\r\n#SYNTAX = x/y@sha256:0 \r\n', image: 'x/y@sha256:0' },
    { name: 'after a comment, where it counts no more', text: '# Trains.\n# syntax=a\n', image: undefined },
    { name: 'behind a byte order mark', text: '\ufeff# syntax=a\n', image: 'a' },
  ])('$name', ({ text, image }) => {
    expect(syntaxImage(text)).toBe(image);
  });
});
