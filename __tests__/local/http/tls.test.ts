import { X509Certificate } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { makeCertificate } from '../../../src/local/http/certificate.ts';
import { type Service, startService } from '../../../src/local/service.ts';

let data = '';
let service: Service;
let ca = '';

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'local-tls-'));
  service = await startService({ port: 0, engine: { socketPath: '/nowhere' }, data, tls: true });
  ca = await readFile(service.certificate?.caFile ?? '', 'utf8');
});
afterAll(async () => {
  await service.close();
  await rm(data, { recursive: true });
});

const PATH = '/storage/v1/b/some-bucket';

function ask(host: string, trusted: string | undefined, headers = {}): Promise<{ status: number; json: unknown }> {
  return new Promise((resolve, reject) => {
    const at = { host: '127.0.0.1', servername: host, port: service.port, path: PATH, agent: false };
    const checked = { ...at, headers: { host: `${host}:${service.port}`, ...headers } };
    get({ ...checked, ...(trusted === undefined ? {} : { ca: trusted }) }, (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, json: JSON.parse(text) }));
    }).on('error', reject);
  });
}

describe('a service with --tls', () => {
  it('is believed by who trusts its authority, and names itself with https', async () => {
    const { status, json } = await ask('localhost', ca);
    expect([status, json]).toMatchObject([200, { selfLink: `https://localhost:${service.port}${PATH}` }]);
  });

  it('is believed by who has its bundle, which holds the public authorities too', async () => {
    const bundle = await readFile(service.certificate?.bundleFile ?? '', 'utf8');
    expect((await ask('localhost', bundle)).status).toBe(200);
    expect(bundle).toContain(rootCertificates[0]);
  });

  it('is believed by nobody else', async () => {
    await expect(ask('localhost', undefined)).rejects.toThrow(/certificate/);
  });

  it('refuses a foreign Host and Origin as it does without', async () => {
    expect((await ask('localhost', ca, { host: 'example.com' })).status).toBe(403);
    expect((await ask('localhost', ca, { origin: 'https://example.com' })).status).toBe(403);
    expect((await ask('localhost', ca, { origin: `https://localhost:${service.port}` })).status).toBe(200);
  });
});

describe('a certificate', () => {
  it('is for loopback, signed by an authority of its own whose key is kept nowhere', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'certificate-'));
    const { cert, caFile, key } = await makeCertificate(folder);
    const [own, authority] = [new X509Certificate(cert), new X509Certificate(await readFile(caFile))];
    expect(own.verify(authority.publicKey)).toBe(true);
    expect([own.ca, authority.ca]).toEqual([false, true]);
    expect(own.checkHost('localhost')).toBe('localhost');
    for (const address of ['127.0.0.1', '::1']) expect(own.checkIP(address)).toBe(address);
    expect(own.checkHost('example.com')).toBeUndefined();
    expect(key).toContain('PRIVATE KEY');
    expect((await readdir(folder)).sort()).toEqual(['ca-bundle.pem', 'ca.pem']);
    await rm(folder, { recursive: true });
  });

  it('is another one each time', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'certificate-'));
    const [one, other] = [await makeCertificate(folder), await makeCertificate(folder)];
    expect(one.key).not.toBe(other.key);
    await rm(folder, { recursive: true });
  });

  it('that cannot be made is told with what is missing', async () => {
    const making = makeCertificate(tmpdir(), '/nowhere/openssl');
    await expect(making).rejects.toThrow(/--tls makes a certificate with the program openssl/);
  });
});
