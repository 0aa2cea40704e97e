import { describe, expect, test } from '@jest/globals';
import { hintFor } from '../../../src/image/build/hints.ts';
import { told } from './samples.ts';

describe('the mend', () => {
  // The lines are those of BuildKit 0.8 and 0.34 and of podman 4.3, as they were seen.
  test.each<{ name: string; line: string; mend: string | undefined }>([
    {
      name: 'a full disk',
      line: '#5 12.1 tar: write error: No space left on device',
      mend: 'The disk is full. Free space',
    },
    {
      name: 'another platform',
      line: '#7 0.166 exec /app/x: exec format error',
      mend: 'A program of another platform',
    },
    {
      name: 'an old BuildKit, a file',
      line: 'failed to compute cache key: "/nothere" not found: not found',
      mend: '/nothere is not in the build context: check its spelling, the context input and .dockerignore.',
    },
    {
      name: 'a new BuildKit, a file',
      line: 'ERROR: failed to solve: failed to compute cache key: failed to calculate checksum of ref a::b: "/nothere": not found',
      mend: '/nothere is not in the build context',
    },
    {
      name: 'podman, a file',
      line: 'Error: building at STEP "COPY nothere /x": checking on sources under "/c": copier: stat: "/nothere": no such file or directory',
      mend: '/nothere is not in the build context',
    },
    {
      name: 'an old BuildKit, a base',
      line: 'failed to solve with frontend dockerfile.v0: failed to create LLB definition: localhost:5000/base:nope: not found',
      mend: 'The base image localhost:5000/base:nope cannot be pulled: check its name',
    },
    {
      name: 'a new BuildKit, a base',
      line: 'ERROR: failed to solve: h:1/nope:1: failed to resolve source metadata for h:1/nope:1: h:1/nope:1: not found',
      mend: 'The base image h:1/nope:1 cannot be pulled',
    },
    {
      name: 'a new BuildKit, a base at Docker Hub that is private or is none',
      line: 'ERROR: failed to solve: me/none: failed to resolve source metadata for docker.io/me/none:latest: pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed',
      mend: 'The base image me/none cannot be pulled',
    },
    {
      name: 'podman, a base',
      line: 'Error: creating build container: initializing source docker://h:1/nope:1: reading manifest 1 in h:1/nope: manifest unknown: manifest unknown',
      mend: 'The base image h:1/nope:1 cannot be pulled',
    },
    {
      name: 'a base whose registry cannot be reached',
      line: 'ERROR: failed to solve: python:3: failed to resolve source metadata for docker.io/library/python:3: failed to do request: Head "https://registry-1.docker.io/v2/": dial tcp: lookup registry-1.docker.io: no such host',
      mend: undefined,
    },
    {
      name: 'too many pulls',
      line: 'ERROR: failed to solve: python:3: 429 Too Many Requests - Server message: toomanyrequests: You have reached your unauthenticated pull rate limit.',
      mend: 'Docker Hub allows few pulls without a login.',
    },
    {
      name: 'a package',
      line: '#6 1.2 ERROR: No matching distribution found for torch==1.4.0',
      mend: "pip finds no torch==1.4.0 for this base image's Python and platform",
    },
    {
      name: 'an old BuildKit, a killed program',
      line: 'executor failed running [/bin/sh -c pip install x]: exit code: 137',
      mend: 'The program was killed, most often because memory ran out',
    },
    {
      name: 'a new BuildKit, a killed program',
      line: 'ERROR: failed to solve: process "/bin/sh -c pip" did not complete successfully: exit code: 137',
      mend: 'The program was killed',
    },
    {
      name: 'podman, a killed program',
      line: 'Error: building at STEP "RUN x": while running runtime: exit status 137',
      mend: 'The program was killed',
    },
    {
      name: 'a program that failed by itself',
      line: 'ERROR: failed to solve: process "/bin/sh -c cat /x: not found" did not complete successfully: exit code: 1',
      mend: undefined,
    },
  ])('of $name', ({ line, mend }) => {
    const hint = hintFor(told(['#1 something else', line]), {});
    expect(hint?.slice(0, mend?.length)).toBe(mend);
  });
});

describe('what is missing', () => {
  const failed = (title: string, path: string) => [
    `#6 ${title}`,
    `#6 ERROR: "${path}" not found: not found`,
    '------',
    ` > ${title}:`,
    '------',
    `ERROR: failed to solve: failed to compute cache key: failed to calculate checksum of ref a::b: "${path}": not found`,
  ];
  test.each([
    {
      name: 'the context',
      lines: failed('[2/2] COPY nope /x', '/nope'),
      mend: '/nope is not in the build context: check its spelling, the context input and .dockerignore.',
    },
    {
      name: 'another image',
      lines: failed('[stage-0 2/3] COPY --from=h.example:5000/a/b:1@sha256:ab /nope /x', '/nope'),
      mend: '/nope is not in the image or stage h.example:5000/a/b:1@sha256:ab, which the step takes it from: check its spelling, and what is there.',
    },
    {
      name: 'another stage, after other options, on lines of their own',
      lines: failed('[stage-1 2/2] COPY --chown=1:1   --from=one   /nope /x', '/nope'),
      mend: '/nope is not in the image or stage one, which the step takes it from',
    },
    {
      name: 'the context, by a file whose name has such an option in it',
      lines: failed('[2/2] COPY x--from=one /x', '/x--from=one'),
      mend: '/x--from=one is not in the build context',
    },
    {
      name: 'an image that is mounted, beside a mount of the context',
      lines: failed(
        '[2/2] RUN --mount=type=bind,source=a,target=/a --mount=type=bind,target=/m,from=one,source=nope ls /m',
        '/nope',
      ),
      mend: '/nope is not in the image or stage one, which the step takes it from',
    },
    {
      name: 'the context that is mounted, beside a mount of an image',
      lines: failed(
        '[2/2] RUN --mount=type=bind,source=nope,target=/a --mount=from=one,target=/m ls --from=two',
        '/nope',
      ),
      mend: '/nope is not in the build context',
    },
    {
      name: 'another image, to podman',
      lines: [
        'STEP 2/3: COPY --from=h:1/a /nope /x',
        'Error: building at STEP "COPY --from=h:1/a /nope /x": checking on sources under "/c": copier: stat: "/nope": no such file or directory',
      ],
      mend: '/nope is not in the image or stage h:1/a, which the step takes it from',
    },
  ])('in $name is said to be there', ({ lines, mend }) => {
    expect(hintFor(told(lines), {})?.slice(0, mend.length)).toBe(mend);
  });
});

describe('an engine that does not answer', () => {
  const AWAY = 'Cannot connect to the Docker daemon at tcp://127.0.0.1:1. Is the docker daemon running?';
  test.each([
    { name: 'a plain client', line: AWAY },
    { name: 'buildx', line: `ERROR: ${AWAY}` },
    {
      name: 'a name that cannot be looked up',
      line: "failed to dial gRPC: cannot connect to the Docker daemon. Is 'docker daemon' running on this host?: dial tcp: lookup banana: no such host",
    },
    {
      name: 'a push',
      line: 'error during connect: Post "http://banana:2375/v1.50/images/a/push": dial tcp: lookup banana: no such host',
    },
    {
      name: 'a newer client',
      line: 'ERROR: failed to connect to the docker API at tcp://127.0.0.1:1: dial tcp 127.0.0.1:1: connect: connection refused',
    },
  ])('in the words of $name is told with what names it', ({ line }) => {
    expect(hintFor(told(['#1 x', line]), { DOCKER_HOST: 'tcp://127.0.0.1:1', DOCKER_CONTEXT: 'mine' })).toBe(
      'DOCKER_HOST is "tcp://127.0.0.1:1", and no Docker engine answers there. Start that engine, or mend or unset DOCKER_HOST.',
    );
  });

  test.each([
    {
      name: 'a context',
      env: { DOCKER_HOST: '', DOCKER_CONTEXT: 'mine' },
      mend: 'DOCKER_CONTEXT is "mine", and no Docker engine answers there. Start that engine, or mend or unset DOCKER_CONTEXT.',
    },
    {
      name: 'nothing',
      env: {},
      mend: 'Start the Docker engine of this machine, or name where another listens: DOCKER_HOST, or docker context use.',
    },
    {
      name: 'an address with a password',
      env: { DOCKER_HOST: 'ssh://me:S3cret@h' },
      mend: 'DOCKER_HOST is "ssh://me:***@h", and no Docker engine answers there. Start that engine, or mend or unset DOCKER_HOST.',
    },
  ])('that is named by $name', ({ env, mend }) => {
    expect(hintFor(told([AWAY]), env)).toBe(mend);
  });

  test.each([
    'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock: Get "http://x": dial unix: connect: permission denied',
    'ERROR: permission denied while trying to connect to the docker API at unix:///var/run/docker.sock',
  ])('because this user may not ask it: %s', (line) => {
    expect(hintFor(told([line]), {})).toBe(
      "The user of this step may not use the Docker engine's socket. Put that user into the socket's group (most often docker), and start the runner again.",
    );
  });

  test('to a program inside the build is not the engine that builds', () => {
    const lines = [`#5 [2/2] RUN docker ps`, `#5 0.2 ${AWAY}`, '------', ' > [2/2] RUN docker ps:', `0.2 ${AWAY}`];
    expect(hintFor(told([...lines, 'ERROR: failed to solve: exit code: 1']), {})).toBeUndefined();
  });
});
