import { execFileSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { readyLines } from '../../src/local/ready-lines.ts';

const PLAIN = { port: 8600, certificate: undefined };
const SECURE = { port: 8600, certificate: { caFile: '/d/tls/ca.pem', bundleFile: '/d/tls/ca-bundle.pem' } };
const KEPT = { faults: false, data: '/d' };

describe('the lines of a service that is ready', () => {
  it('point gcloud and the storage libraries at it, and say what Python’s SDK needs', () => {
    const text = readyLines(PLAIN, KEPT);
    for (const line of [
      '  export CLOUDSDK_API_ENDPOINT_OVERRIDES_AIPLATFORM=http://127.0.0.1:8600/',
      '  export CLOUDSDK_API_ENDPOINT_OVERRIDES_LOGGING=http://127.0.0.1:8600/',
      '  export STORAGE_EMULATOR_HOST=http://127.0.0.1:8600',
      "Google's Python SDK for Vertex AI speaks HTTPS alone: start this with --tls to use it.",
      'Jobs, logs and buckets are kept in /d',
    ]) {
      expect(text.split('\n')).toContain(line);
    }
    expect(text).toContain("{ apiEndpoint: 'localhost', port: 8600, protocol: 'http', fallback: true");
    expect(text).not.toMatch(/https|REQUESTS_CA|faults/);
  });

  it('point Python’s SDK at it too where it speaks HTTPS, and have its certificate believed', () => {
    const text = readyLines(SECURE, KEPT);
    expect(text).toContain('api_endpoint="localhost:8600", api_transport="rest", credentials=Credentials(');
    expect(text).toContain('  export REQUESTS_CA_BUNDLE=/d/tls/ca-bundle.pem');
    expect(text).toContain('  export NODE_EXTRA_CA_CERTS=/d/tls/ca.pem');
    expect(text).toContain("protocol: 'https'");
    expect(text).not.toContain('http://');
  });

  it('are a shell’s where they begin with export', () => {
    const exports = readyLines(SECURE, KEPT)
      .split('\n')
      .filter((line) => line.startsWith('  export'));
    const said = execFileSync('sh', [
      '-c',
      [...exports, 'echo "$REQUESTS_CA_BUNDLE $CLOUDSDK_CORE_PROJECT"'].join('\n'),
    ]);
    expect(said.toString()).toBe('/d/tls/ca-bundle.pem my-project\n');
  });

  it('stay one where the folder’s name is of several words', () => {
    const folder = "/Sean's data $HOME";
    const certificate = { caFile: `${folder}/ca.pem`, bundleFile: `${folder}/ca-bundle.pem` };
    const exports = readyLines({ ...SECURE, certificate }, KEPT)
      .split('\n')
      .filter((line) => /_CA_|_CERTS/.test(line));
    const names = ['REQUESTS_CA_BUNDLE', 'NODE_EXTRA_CA_CERTS', 'CLOUDSDK_CORE_CUSTOM_CA_CERTS_FILE'];
    const script = [...exports, `printf '%s\\n' ${names.map((name) => `"$${name}"`).join(' ')}`].join('\n');
    expect(execFileSync('bash', ['-c', script]).toString().split('\n')).toEqual([
      certificate.bundleFile,
      certificate.caFile,
      certificate.bundleFile,
      '',
    ]);
  });

  it('say where nothing is kept, and how it is made to fail', () => {
    const text = readyLines(PLAIN, { faults: true, data: undefined });
    expect(text).toContain('Nothing is kept when it ends.');
    expect(text).toContain('POST http://127.0.0.1:8600/-/faults');
  });
});
