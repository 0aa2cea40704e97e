import { describe, expect, test } from '@jest/globals';
import { endpointsOf, isLoopback, onLoopback } from '../../src/google/endpoints.ts';

const VERTEX = 'CLOUDSDK_API_ENDPOINT_OVERRIDES_AIPLATFORM';
const GOOGLE = {
  AIPLATFORM: 'https://europe-west4-aiplatform.googleapis.com',
  LOGGING: 'https://logging.googleapis.com',
  STS: 'https://sts.googleapis.com',
  IAMCREDENTIALS: 'https://iamcredentials.googleapis.com',
  ARTIFACTREGISTRY: 'https://artifactregistry.googleapis.com',
  CLOUDRESOURCEMANAGER: 'https://cloudresourcemanager.googleapis.com',
  IAM: 'https://iam.googleapis.com',
  STORAGE: 'https://storage.googleapis.com',
  BIGQUERY: 'https://bigquery.googleapis.com',
  CLOUDKMS: 'https://cloudkms.googleapis.com',
  COMPUTE: 'https://compute.googleapis.com',
  SERVICEUSAGE: 'https://serviceusage.googleapis.com',
};

test('are public ones, and the region has its own', () => {
  expect(endpointsOf({}, 'europe-west4')).toMatchObject({ url: GOOGLE, overridden: [], faults: [] });
});

test('Vertex AI has an address in each region, but for one that is moved', () => {
  expect(endpointsOf({}, 'europe-west4').vertexUrl('us-east1')).toBe('https://us-east1-aiplatform.googleapis.com');
  const moved = endpointsOf({ [VERTEX]: 'http://127.0.0.1:8600/' }, 'europe-west4');
  expect(moved.vertexUrl('us-east1')).toBe('http://127.0.0.1:8600');
});

test('an empty variable moves nothing', () => {
  expect(endpointsOf({ [VERTEX]: '' }, 'europe-west4').url).toEqual(GOOGLE);
});

describe('accepted', () => {
  test.each([
    { value: 'https://us-central1-aiplatform.googleapis.com/', base: 'https://us-central1-aiplatform.googleapis.com' },
    { value: 'https://restricted.googleapis.com', base: 'https://restricted.googleapis.com' },
    { value: 'http://127.0.0.1:8600/', base: 'http://127.0.0.1:8600' },
    { value: 'http://127.0.0.1:8600', base: 'http://127.0.0.1:8600' },
    { value: 'https://127.0.0.2:1/', base: 'https://127.0.0.2:1' },
    { value: 'http://localhost/', base: 'http://localhost' },
    { value: 'http://[::1]:8080/', base: 'http://[::1]:8080' },
    { value: 'HTTP://LOCALHOST:1/', base: 'http://localhost:1' },
    { value: 'http://2130706433:1/', base: 'http://127.0.0.1:1' },
  ])('$value', ({ value, base }) => {
    const { url, overridden, faults } = endpointsOf({ [VERTEX]: value }, 'europe-west4');
    expect([url.AIPLATFORM, overridden, faults]).toEqual([base, [{ variable: VERTEX, url: base }], []]);
    expect({ ...url, AIPLATFORM: '' }).toEqual({ ...GOOGLE, AIPLATFORM: '' });
  });

  test.each([
    { service: 'STORAGE', path: '/storage/v1/' },
    { service: 'BIGQUERY', path: '/bigquery/v2/' },
    { service: 'COMPUTE', path: '/compute/v1/' },
  ] as const)('gcloud’s own path for $service, which the clients bring themselves', ({ service, path }) => {
    const variable = `CLOUDSDK_API_ENDPOINT_OVERRIDES_${service}`;
    expect(endpointsOf({ [variable]: `http://127.0.0.1:1${path}` }, 'europe-west4')).toMatchObject({
      url: { ...GOOGLE, [service]: 'http://127.0.0.1:1' },
      faults: [],
    });
    expect(endpointsOf({ [VERTEX]: `http://127.0.0.1:1${path}` }, 'europe-west4').faults).toHaveLength(1);
  });

  test.each(Object.keys(GOOGLE))('for %s by its own variable', (service) => {
    const { url } = endpointsOf(
      { [`CLOUDSDK_API_ENDPOINT_OVERRIDES_${service}`]: 'http://127.0.0.1:1/' },
      'europe-west4',
    );
    expect(url).toEqual({ ...GOOGLE, [service]: 'http://127.0.0.1:1' });
  });
});

describe('refused, and not used', () => {
  test.each([
    'https://evil.example/',
    'https://googleapis.com.evil.example/',
    'https://evilgoogleapis.com/',
    'https://googleapis.com/',
    'http://sts.googleapis.com/',
    'https://sts.googleapis.com@evil.example/',
    'https://evil.example#.googleapis.com/',
    'https://evil.example\\.googleapis.com/',
    'https://user@sts.googleapis.com/',
    'https://:password@sts.googleapis.com/',
    'https://sts.googleapis.com/v1/',
    'https://sts.googleapis.com/?x',
    'https://sts.googleapis.com/#x',
    'http://127.0.0.1.evil.example/',
    'http://localhost.evil.example/',
    'http://0.0.0.0:1/',
    'http://10.0.0.1/',
    'http://[::2]/',
    'http://[::ffff:127.0.0.1]/',
    'ftp://127.0.0.1/',
    'file:///etc/passwd',
    '127.0.0.1:8600',
    'not an address',
  ])('%s', (value) => {
    const { url, overridden, faults } = endpointsOf({ [VERTEX]: value }, 'europe-west4');
    expect([url, overridden]).toEqual([GOOGLE, []]);
    expect(faults).toEqual([
      {
        rule: 'endpoint',
        input: VERTEX,
        message: `${JSON.stringify(value)} is not accepted. Accepted are https://….googleapis.com/ and http(s)://127.0.0.1:PORT/ without a path.`,
      },
    ]);
  });
});

test.each([
  { url: 'http://127.0.0.1:5', local: true },
  { url: 'http://[::1]', local: true },
  { url: 'https://sts.googleapis.com', local: false },
])('$url on this machine: $local', ({ url, local }) => {
  expect(onLoopback(url)).toBe(local);
});

test.each([
  { host: '127.1.2.3', local: true },
  { host: '127.0.0.1.', local: false },
  { host: 'x127.0.0.1', local: false },
  { host: '::1', local: false },
])('host $host: $local', ({ host, local }) => {
  expect(isLoopback(host)).toBe(local);
});
