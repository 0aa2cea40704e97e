import { describe, expect, test } from '@jest/globals';
import { classifyDenial, denialKind } from '../../../src/image/registry/denial.ts';

const AR = 'us-central1-docker.pkg.dev/my-project/training/mnist';

describe('the line', () => {
  test.each([
    [
      'denied: Permission "artifactregistry.repositories.uploadArtifacts" denied on resource "projects/p/locations/us/repositories/r" (or it may not exist)',
      'denied-or-missing',
    ],
    [
      'ERROR: failed to solve: failed to push us-docker.pkg.dev/p/r/i: failed to authorize: failed to fetch oauth token: unexpected status from GET request to https://us-docker.pkg.dev/v2/token: 403 Forbidden: denied: Permission "x" denied on resource "y" (or it may not exist)',
      'denied-or-missing',
    ],
    [
      'denied: Permission "artifactregistry.repositories.uploadArtifacts" denied on resource "projects/p/locations/us/repositories/gcr.io"',
      'no-permission',
    ],
    [
      'denied: Unauthenticated request. Unauthenticated requests do not have permission "artifactregistry.repositories.uploadArtifacts" on resource "x" (or it may not exist)',
      'not-signed-in',
    ],
    ['error: failed to solve: failed to fetch anonymous token: unexpected status: 403 Forbidden', 'not-signed-in'],
    ['no basic auth credentials', 'not-signed-in'],
    ['name unknown: Repository "r" not found', 'no-repository'],
    [
      'POST http://r/v2/a/blobs/uploads/: HTTP 404: NAME_UNKNOWN: repository name not known to registry',
      'no-repository',
    ],
    [
      'denied: gcr.io repo does not exist. Creating on push requires the artifactregistry.repositories.createOnPush permission',
      'no-repository',
    ],
    [
      'denied: Artifact Registry API has not been used in project 123 before or it is disabled. Enable it by visiting',
      'api-disabled',
    ],
    ['denied: requested access to the resource is denied', 'no-permission'],
    ['unexpected status from HEAD request to https://r.example/v2/x: 403 Forbidden', 'no-permission'],
    ['unauthorized: authentication required', 'expired-login'],
    [
      'ERROR: failed to push localhost:5000/a: unexpected status from POST request to http://localhost:5000/v2/a/blobs/uploads/: 401 Unauthorized',
      'expired-login',
    ],
    ['error parsing: invalid_grant: the token has expired', 'expired-login'],
    ['manifest invalid: cannot update tag v1. The repository has enabled tag immutability', 'immutable-tag'],
    [
      'ERROR: tag invalid: The image tag "v1" already exists and cannot be overwritten because the repository is immutable.',
      'immutable-tag',
    ],
    ['toomanyrequests: You have reached your pull rate limit.', 'rate-limited'],
    ['unexpected status from PUT request to https://r/x: 429 Too Many Requests', 'rate-limited'],
    ['error parsing HTTP 413 response body: invalid character', 'too-large'],
    ['unexpected status from PUT request: 413 Request Entity Too Large', 'too-large'],
    [
      'name invalid: Missing image name. Pushes should be of the form docker push HOST-NAME/PROJECT-ID/REPOSITORY/IMAGE',
      'image-name',
    ],
    ['Get "https://r.example/v2/": x509: certificate signed by unknown authority', 'untrusted-certificate'],
    ['Get "https://r:5000/v2/": http: server gave HTTP response to HTTPS client', 'untrusted-certificate'],
    ['blob upload unknown', 'transient'],
    ['ERROR: failed to push r: failed to copy: failed to do request: Put "https://r/v2/x": EOF', 'transient'],
    ['error: unexpected EOF', 'transient'],
    [
      'Put "http://localhost:5000/v2/x": read tcp 127.0.0.1:1->127.0.0.1:2: read: connection reset by peer',
      'transient',
    ],
    ['Get "http://localhost:5000/v2/": dial tcp 127.0.0.1:5000: connect: connection refused', 'transient'],
    ['write tcp: write: broken pipe', 'transient'],
    ['net/http: TLS handshake timeout', 'transient'],
    ['dial tcp: lookup r.example: i/o timeout', 'transient'],
    ['received unexpected HTTP status: 503 Service Unavailable', 'transient'],
    ['unexpected status from PUT request to https://r/x: 502 Bad Gateway', 'transient'],
    ['net/http: request canceled (Client.Timeout exceeded while awaiting headers)', 'transient'],
    ['use of closed network connection', 'transient'],
    ['HEAD https://r/v2/x/manifests/1: no answer in 10 s', 'transient'],
  ] as const)('%s is %s', (line, kind) => {
    expect(denialKind(line)).toBe(kind);
  });

  test.each([
    '#8 1.234 ERROR: HTTP error 401 Unauthorized while getting packages',
    '#12 0.5 denied',
    '#12 10 connection refused',
    'ERROR: failed to solve: python:3.12: failed to resolve source metadata for docker.io/library/python:3.12: 429 Too Many Requests',
    'Error response from daemon: pull access denied for me/base, repository does not exist',
    '#3 ERROR: failed to load metadata for docker.io/library/python: denied',
    '#9 pushing layers 12.1s done',
    'The push refers to repository [us-docker.pkg.dev/p/r/i]',
    '5f70bf18a086: Layer already exists',
    'ERROR: failed to solve: process "/bin/sh -c pip install x" did not complete successfully: exit code: 1',
    '',
  ])('%j says nothing of the push', (line) => {
    expect(denialKind(line)).toBeUndefined();
  });
});

describe('a push that failed', () => {
  test('is explained by the last line that says something', () => {
    const lines = [
      'a1b2: Retrying in 1 second',
      'write tcp: broken pipe',
      'unauthorized: authentication required',
      'sorry',
    ];
    expect(classifyDenial(lines, 'localhost:5000/a')).toEqual({
      kind: 'expired-login',
      again: 'renewed-login',
      message:
        'localhost:5000 refused the login: unauthorized: authentication required. Check the login of this step for that registry, and that it may push there.',
    });
    expect(classifyDenial(['hello', ''], AR)).toBeUndefined();
  });

  test.each([
    { line: 'no basic auth credentials', again: 'renewed-login' },
    { line: 'unauthorized: x', again: 'renewed-login' },
    { line: 'toomanyrequests', again: 'later' },
    { line: 'EOF', again: 'later' },
    { line: 'denied: x', again: undefined },
    { line: 'name unknown', again: undefined },
    { line: '413 Request Entity Too Large', again: undefined },
    { line: 'x509: x', again: undefined },
  ])('by $line is tried again: $again', ({ line, again }) => {
    expect(classifyDenial([line], AR)?.again).toBe(again);
  });

  const place = '--location=us-central1 --project=my-project';
  test.each([
    {
      line: 'denied: Permission "p" denied on resource "r" (or it may not exist)',
      image: AR,
      message: `us-central1-docker.pkg.dev denied the push, or has no such repository: denied: Permission "p" denied on resource "r" (or it may not exist). If there is no repository training in us-central1 of project my-project, create it: \`gcloud artifacts repositories create training --repository-format=docker ${place}\`. Otherwise grant the identity of this step roles/artifactregistry.writer: \`gcloud artifacts repositories add-iam-policy-binding training ${place} --role=roles/artifactregistry.writer --member=MEMBER\`.`,
    },
    {
      line: 'name unknown: Repository "training" not found',
      image: AR,
      message: `us-central1-docker.pkg.dev has no such repository: name unknown: Repository "training" not found. Check its location, project and name, or create it: \`gcloud artifacts repositories create training --repository-format=docker ${place}\`.`,
    },
    {
      line: 'denied: requested access to the resource is denied',
      image: 'me/train',
      message:
        'docker.io denied the push: denied: requested access to the resource is denied. Check that the name of the image begins with an account or organisation of yours, and that the login of this step may push there.',
    },
    {
      line: 'denied: \u001b[31m::error::x\u0007 too many',
      image: 'r.example/a',
      message:
        'r.example denied the push: denied: ::error::x too many. Check that the name of the image begins with an account or organisation of yours, and that the login of this step may push there.',
    },
  ])('by "$line" at $image is told with the mend', ({ line, image, message }) => {
    expect(classifyDenial([line], image)?.message).toBe(message);
  });
});
