import { expect, test } from '@jest/globals';
import { fixedCredentials } from '../../src/google/credentials.ts';
import { serviceUsageApi } from '../../src/google/service-usage.ts';
import { type Answer, loopbacks } from './loopback.ts';

const newServer = loopbacks();
const METRIC = 'custom_model_training_nvidia_t4_gpus';

async function asked(answer: Answer) {
  const server = await newServer(() => answer);
  return { server, api: serviceUsageApi(server.url, fixedCredentials('TOKEN')) };
}

const bucket = (effectiveLimit: unknown, region?: string) => ({
  effectiveLimit,
  ...(region === undefined ? {} : { dimensions: { region } }),
});
const limits = (...quotaBuckets: unknown[]) => ({
  consumerQuotaLimits: [
    { unit: '1/{project}', quotaBuckets: [bucket('99')] },
    { unit: '1/{project}/{region}', quotaBuckets },
  ],
});

test('asks for the metric of the project', async () => {
  const { server, api } = await asked({ body: limits(bucket('8')) });
  await api.limitOf('example.com:app', METRIC, 'us-central1');
  expect(server.seen.map(({ method, url }) => [method, url])).toEqual([
    [
      'GET',
      `/v1beta1/projects/example.com:app/services/aiplatform.googleapis.com/consumerQuotaMetrics/aiplatform.googleapis.com%2F${METRIC}`,
    ],
  ]);
});

test.each<{ name: string; body: object; limit: number | undefined }>([
  { name: 'that of the region', body: limits(bucket('1'), bucket('8', 'us-central1')), limit: 8 },
  { name: 'that of all regions, where it has none', body: limits(bucket('1'), bucket('8', 'us-east1')), limit: 1 },
  { name: 'none at all is 0', body: limits(bucket('1'), bucket('0', 'us-central1')), limit: 0 },
  { name: 'no limit', body: limits(bucket('-1', 'us-central1')), limit: undefined },
  { name: 'no bucket', body: limits(), limit: undefined },
  { name: 'another form', body: { consumerQuotaLimits: ['x', { unit: 5 }, limits(bucket(8), 'x')] }, limit: undefined },
  { name: 'nothing', body: {}, limit: undefined },
])('the limit: $name', async ({ body, limit }) => {
  const { api } = await asked({ body });
  expect(await api.limitOf('p', METRIC, 'us-central1')).toBe(limit);
});

test('a metric that is not there has none, one that may not be seen is an ApiError', async () => {
  const missing = await asked({ status: 404, body: {} });
  expect(await missing.api.limitOf('p', METRIC, 'us-central1')).toBeUndefined();
  const hidden = await asked({ status: 403, body: {} });
  await expect(hidden.api.limitOf('p', METRIC, 'us-central1')).rejects.toMatchObject({ httpStatus: 403 });
});
