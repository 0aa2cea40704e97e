import { describe, expect, test } from '@jest/globals';
import { imageFacts } from '../../../../src/plan/image/base/known-images.ts';

describe('what the name of an image tells', () => {
  test.each([
    {
      image: 'nvidia/cuda:12.8.1-cudnn-devel-ubuntu24.04',
      facts: {
        os: 'ubuntu',
        hasPython: false,
        hasCuda: true,
        cuda: { version: '12.8.1', flavour: 'devel', cudnn: true },
        release: { of: 'ubuntu', version: '24.04' },
      },
    },
    {
      image: 'nvcr.io/nvidia/cuda:11.8.0-base-ubuntu2204@sha256:0123',
      facts: { os: 'ubuntu', cuda: { version: '11.8.0', flavour: 'base', cudnn: false } },
    },
    {
      image: 'nvidia/cuda:12.2.2-cudnn8-runtime-rockylinux9',
      facts: {
        os: 'unknown',
        hasPython: undefined,
        hasCuda: true,
        cuda: { version: '12.2.2', flavour: 'runtime', cudnn: true },
      },
    },
    { image: 'nvidia/cuda', facts: { hasCuda: true, cuda: { version: undefined, flavour: undefined, cudnn: false } } },
    {
      image: 'python:3.12-slim',
      facts: { os: 'debian', hasPython: true, hasCuda: false, release: { of: 'python', version: '3.12' } },
    },
    { image: 'python:3.12-alpine', facts: { os: 'unknown', hasPython: true, hasCuda: false } },
    { image: 'docker.io/library/python', facts: { hasPython: true, hasCuda: false, release: undefined } },
    {
      image: 'mirror.gcr.io/library/ubuntu:jammy-20240101',
      facts: { hasPython: false, release: { of: 'ubuntu', version: '22.04' } },
    },
    {
      image: 'public.ecr.aws/docker/library/debian:bookworm-slim',
      facts: { os: 'debian', hasPython: false, release: { of: 'debian', version: 'bookworm' } },
    },
    { image: 'debian:stable-20240101', facts: { os: 'debian', release: undefined } },
    {
      image: 'ghcr.io/astral-sh/uv:python3.12-bookworm-slim',
      facts: { os: 'debian', hasPython: true, hasCuda: false },
    },
    { image: 'ghcr.io/astral-sh/uv:debian', facts: { hasPython: undefined, hasCuda: false } },
    { image: 'pytorch/pytorch:2.8.0-cuda12.8-cudnn9-runtime', facts: { hasPython: true, hasCuda: true } },
    { image: 'tensorflow/tensorflow:2.18.0-gpu', facts: { hasPython: true, hasCuda: true } },
    { image: 'tensorflow/tensorflow:2.18.0', facts: { hasPython: true, hasCuda: false } },
    {
      image: 'us-docker.pkg.dev/vertex-ai/training/pytorch-gpu.2-4.py310:latest',
      facts: { hasPython: true, hasCuda: true },
    },
    { image: 'europe-docker.pkg.dev/vertex-ai/training/tf-cpu.2-17.py310', facts: { hasPython: true, hasCuda: false } },
    {
      image: 'localhost:5000/nvidia/cuda:12.8.1-base-ubuntu24.04',
      facts: { os: 'unknown', hasPython: undefined, hasCuda: undefined },
    },
    { image: 'me/python:3.12', facts: { hasPython: undefined, hasCuda: undefined } },
    { image: '', facts: { hasPython: undefined } },
  ])('$image', ({ image, facts }) => {
    expect(imageFacts(image)).toMatchObject(facts);
  });
});
