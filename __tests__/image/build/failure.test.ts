import { describe, expect, test } from '@jest/globals';
import { type Failure, hintFor, judgeBuild, judgePush } from '../../../src/image/build/failure.ts';
import { told } from './samples.ts';

describe('a push that failed', () => {
  test.each<{ line: string; failure: Failure }>([
    // Docker's words.
    { line: 'unauthorized: authentication required', failure: 'login' },
    { line: 'no basic auth credentials', failure: 'login' },
    { line: 'denied: requested access to the resource is denied', failure: 'login' },
    { line: 'denied: Unauthenticated request. Unauthenticated requests do not have permission', failure: 'login' },
    {
      line: 'unauthorized: failed authentication: request had invalid authentication credentials (UNAUTHENTICATED)',
      failure: 'login',
    },
    { line: 'Put "http://localhost:5000/v2/a/manifests/b": EOF', failure: 'transient' },
    { line: 'Get "http://h/v2/": dial tcp 127.0.0.1:5000: connect: connection refused', failure: 'transient' },
    { line: 'write tcp 10.0.0.1:1->10.0.0.2:443: write: connection reset by peer', failure: 'transient' },
    { line: 'net/http: TLS handshake timeout', failure: 'transient' },
    { line: 'received unexpected HTTP status: 503 Service Unavailable', failure: 'transient' },
    { line: 'error parsing HTTP 429 response body: toomanyrequests: Quota exceeded', failure: 'transient' },
    { line: 'blob upload unknown', failure: 'transient' },
    { line: 'error parsing HTTP 405 response body: no error details found', failure: 'final' },
    { line: 'name unknown: Repository "r" not found', failure: 'final' },
    {
      line: 'Cannot connect to the Docker daemon at unix:///x. Is the docker daemon running? dial: connection refused',
      failure: 'final',
    },
    // Podman's.
    {
      line: 'Error: writing blob: initiating layer upload to /v2/a/blobs/uploads/ in h: unauthorized: authentication required',
      failure: 'login',
    },
    {
      line: 'Error: trying to reuse blob sha256:ab at destination: pinging container registry h: received unexpected HTTP status: 502 Bad Gateway',
      failure: 'transient',
    },
  ])('$failure: $line', ({ line, failure }) => {
    expect(judgePush(told(['The push refers to repository [h/a]', '5f70bf18a086: Pushed', line]))).toBe(failure);
  });

  test("is not judged by its layers' lines", () => {
    expect(judgePush(told(['5f70bf18a086: Retrying in 5 seconds: connection reset by peer', 'name unknown']))).toBe(
      'final',
    );
  });
});

describe('a build that failed', () => {
  const failed = (title: string, error: string) => [
    `#7 ${title}`,
    `#7 ERROR: ${error}`,
    `ERROR: failed to solve: ${error}`,
  ];
  test.each<{ name: string; lines: readonly string[]; failure: Failure }>([
    {
      name: 'in its push, by a login',
      lines: failed(
        'exporting to image',
        'failed to push h/a:b: failed to authorize: failed to fetch oauth token: unexpected status from POST request to https://h/token: 401 Unauthorized',
      ),
      failure: 'login',
    },
    {
      name: 'in its push, by a token service that is away',
      lines: failed(
        'exporting to image',
        'failed to push h/a:b: failed to authorize: failed to fetch oauth token: unexpected status from GET request to https://h/token: 503 Service Unavailable',
      ),
      failure: 'transient',
    },
    {
      name: 'in its push, by the registry',
      lines: failed(
        'exporting to image',
        'failed to push h/a:b: unexpected status from PUT request to https://h/v2/a/blobs/uploads/1: 500 Internal Server Error',
      ),
      failure: 'transient',
    },
    {
      name: 'in its push, by the connection',
      lines: failed('pushing h/a:b with docker', 'write: broken pipe'),
      failure: 'transient',
    },
    { name: 'in its export', lines: failed('exporting to image', 'no space left on device'), failure: 'final' },
    {
      name: 'in a step that says the same',
      lines: failed('[2/3] RUN pip install x', 'connection reset by peer, 401'),
      failure: 'final',
    },
    {
      name: 'in the metadata of its base',
      lines: failed('[internal] load metadata for h/b:1', '503 Service Unavailable'),
      failure: 'final',
    },
    {
      name: 'in the export of its cache',
      lines: failed('exporting cache to registry', 'unexpected status: 401'),
      failure: 'cache',
    },
    {
      name: 'in the export of its cache, as older builders call it',
      lines: failed('exporting cache', 'EOF'),
      failure: 'cache',
    },
    {
      name: 'in a step, after a cache could not be read',
      lines: [
        '#3 importing cache manifest from h/a:c',
        '#3 ERROR: not found',
        ...failed('[2/2] RUN false', 'exit code: 1'),
      ],
      failure: 'final',
    },
    { name: 'before any step', lines: ['error: unauthorized'], failure: 'final' },
  ])('$name: $failure', ({ lines, failure }) => {
    expect(judgeBuild(told(lines))).toBe(failure);
  });
});

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
    const hint = hintFor(['#1 something else', line]);
    expect(hint?.slice(0, mend?.length)).toBe(mend);
  });
});
