import { describe, expect, test } from '@jest/globals';
import { RegistryError, type RegistryErrorParts } from '../../../src/image/registry/errors.ts';
import { referenceOf } from '../../../src/image/registry/reference.ts';
import { refusal } from '../../../src/image/registry/refusal.ts';
import { told } from '../../../src/image/registry/told.ts';

const AT = 'HEAD https://r.example/v2/a/b/manifests/1';

/** What a look for the image says of that failure. */
async function tellingOf(error: Error, image = 'r.example/a/b:1'): Promise<Error> {
  const asked = { doing: `Looking for the image ${image}`, repository: referenceOf(image) };
  return told(asked, () => Promise.reject(error)).catch((thrown: Error) => thrown);
}

const failure = (words: string, parts: RegistryErrorParts = {}) => new RegistryError(`${AT}: ${words}`, parts);
const answered = (status: number, headers: Record<string, string> = {}) =>
  refusal(AT, { status, headers, body: Buffer.from('') });
const broken = (code: string, words = code) =>
  failure(words, { kind: 'connection', cause: Object.assign(new Error(words), { code }) });

const NO_REGISTRY =
  'r.example does not answer as a registry does: check the name of the image, and that no proxy or sign-in page answers in its place.';
const AGAIN =
  "Try again later. If it stays so, check the registry in the name of the image, and this machine's way to it: its firewall, HTTPS_PROXY and NO_PROXY.";

describe('a failure that nobody handles tells what was asked for, what came, and the mend', () => {
  test.each<{ name: string; error: RegistryError; came: string; mend: string; image?: string }>([
    {
      name: 'a rate limit',
      error: answered(429),
      came: 'HTTP 429',
      mend: 'r.example takes no more requests for now: its rate limit is met. Try again later.',
    },
    {
      name: "Docker Hub's rate limit",
      image: 'python:3',
      error: answered(429),
      came: 'HTTP 429',
      mend: 'docker.io takes no more requests for now: its rate limit is met. Try again later. It lets those do more who are signed in: registry_username and registry_password, or docker/login-action before this step.',
    },
    {
      name: 'a rate limit with a long wait',
      error: answered(429, { 'retry-after': '99999' }),
      came: 'HTTP 429',
      mend: 'r.example takes no more requests for now: its rate limit is met. It asks to wait 99999 s (1 day) before the next request, longer than the 60 s that this step waits: it was not asked again. Try again later.',
    },
    {
      name: 'a fault of the registry',
      error: answered(500),
      came: 'HTTP 500',
      mend: 'r.example has a fault of its own, or too much to do. Try again later.',
    },
    {
      name: 'a registry that is away for some time',
      error: answered(503, { 'retry-after': '90' }),
      came: 'HTTP 503',
      mend: 'r.example has a fault of its own, or too much to do. It asks to wait 90 s before the next request, longer than the 60 s that this step waits: it was not asked again. Try again later.',
    },
    { name: 'a slow one', error: answered(408), came: 'HTTP 408', mend: 'r.example has a fault of its own' },
    {
      name: 'a login that is refused',
      error: answered(401),
      came: 'HTTP 401',
      mend: 'Check that this step has a login for r.example which may use that repository: registry_username and registry_password, or docker/login-action before this step.',
    },
    {
      name: "Google's refusal",
      image: 'us-docker.pkg.dev/p/r/i:1',
      error: answered(403),
      came: 'HTTP 403',
      mend: 'Check the sign-in of this step, and its role in the repository of the image: roles/artifactregistry.writer.',
    },
    {
      name: 'what is not there',
      error: answered(404),
      came: 'HTTP 404',
      mend: 'Check the name of the image, and that r.example has its repository.',
    },
    {
      name: 'what it does not take',
      error: refusal(AT, { status: 400, headers: {}, body: Buffer.from('{"errors":[{"code":"MANIFEST_INVALID"}]}') }),
      came: 'HTTP 400: MANIFEST_INVALID',
      mend: 'Check the name of the image, and what r.example lets be put there.',
    },
    { name: 'an answer of another kind', error: answered(418), came: 'HTTP 418', mend: NO_REGISTRY },
    { name: 'a circle', error: failure('more than 5 redirects'), came: 'more than 5 redirects', mend: NO_REGISTRY },
    {
      name: 'a broken image',
      error: failure('the manifest is broken', { kind: 'content' }),
      came: 'the manifest is broken',
      mend: 'If r.example is the registry that was meant, that image is broken there: delete it, or have it built anew by build: always.',
    },
    {
      name: 'a broken connection',
      error: broken('ECONNRESET', 'socket hang up'),
      came: 'socket hang up',
      mend: AGAIN,
    },
    {
      name: 'no answer in time',
      error: failure('no answer in 15 s', { kind: 'connection' }),
      came: 'no answer in 15 s',
      mend: AGAIN,
    },
    {
      name: 'nobody on this machine',
      image: 'localhost:5000/a',
      error: broken('ECONNREFUSED'),
      came: 'ECONNREFUSED',
      mend: 'Check that a registry answers at localhost:5000, on this machine.',
    },
    {
      name: 'a host that is none',
      error: broken('ENOTFOUND', 'getaddrinfo ENOTFOUND r.example'),
      came: 'getaddrinfo ENOTFOUND r.example',
      mend: 'This machine finds no host of that name: check the registry in the name of the image and, where this machine reaches it through a proxy, HTTPS_PROXY and NO_PROXY.',
    },
    {
      name: 'a certificate of an authority of their own',
      error: broken('SELF_SIGNED_CERT_IN_CHAIN'),
      came: 'SELF_SIGNED_CERT_IN_CHAIN',
      mend: "This step does not trust that certificate. Where an authority of your own has signed it (a proxy's too), name that authority's file in NODE_EXTRA_CA_CERTS of the runner.",
    },
    {
      name: 'no TLS',
      error: broken('ERR_SSL_PACKET_LENGTH_TOO_LONG'),
      came: 'ERR_SSL_PACKET_LENGTH_TOO_LONG',
      mend: 'r.example does not speak TLS there, which every registry outside of this machine has to. Check its port in the name of the image.',
    },
  ])('$name', async ({ error, came, mend, image = 'r.example/a/b:1' }) => {
    const { message } = await tellingOf(error, image);
    const start = `Looking for the image ${image} failed: ${AT}: ${came}. `;
    expect([message.slice(0, start.length), message.slice(start.length, start.length + mend.length)]).toEqual([
      start,
      mend,
    ]);
  });

  test('a registry that ends its words with a full stop gets no second one', async () => {
    const error = refusal(AT, { status: 500, headers: {}, body: Buffer.from('Down for today.') });
    expect((await tellingOf(error)).message).toContain(': Down for today. r.example has');
  });
});

describe('the telling', () => {
  test('keeps what the failure is, and its words without the rest', async () => {
    const cause = new Error('why');
    const parts = { status: 503, codes: ['X'], transient: true, retryAfterMs: 7, cause } as const;
    const error = await tellingOf(failure('HTTP 503', parts));
    expect(error).toBeInstanceOf(RegistryError);
    expect(error).toMatchObject({ ...parts, reason: `${AT}: HTTP 503` });
  });

  test('is not told of again', async () => {
    const once = await tellingOf(answered(500));
    expect(await tellingOf(once)).toBe(once);
  });

  test('is of registries alone', async () => {
    const other = new Error('cancelled');
    expect(await tellingOf(other)).toBe(other);
  });
});
