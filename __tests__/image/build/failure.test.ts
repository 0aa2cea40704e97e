import { describe, expect, test } from '@jest/globals';
import { type Failure, judgeBuild, judgePush } from '../../../src/image/build/failure.ts';
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
