import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Service, startService } from '../../../src/local/service.ts';
import { CUSTOM_TASK, TUNING_TASK } from '../../../src/local/validation/pipeline.ts';
import { job, pool, tuning, withPool, withSpec, withStudy } from './requests.ts';

/** Bodies as large, deep and odd as clients can send them: the service refuses or takes each, and goes on. */

let service: Service;
beforeAll(async () => {
  const engine = { socketPath: join(tmpdir(), 'no-engine-listens-here.sock') };
  service = await startService({ port: 0, engine, token: undefined });
});
afterAll(() => service.close());

const PARENT = '/v1/projects/p/locations/us-central1';

async function post(path: string, body: string): Promise<{ readonly status: number; readonly text: string }> {
  const answer = await fetch(`http://127.0.0.1:${service.port}${PARENT}/${path}`, { method: 'POST', body });
  return { status: answer.status, text: await answer.text() };
}

const DEEP = 1_000_000;
const nested = `${'['.repeat(DEEP)}${']'.repeat(DEEP)}`;
const nestedObject = `${'{"a":'.repeat(DEEP)}1${'}'.repeat(DEEP)}`;
const many = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_none, i) => make(i));
const MANY = 40_000;
const MEGABYTE = 'x'.repeat(1024 * 1024);
const pipeline = (definition: string, inputs: string) =>
  `{"displayName":"p","trainingTaskDefinition":"${definition}","trainingTaskInputs":${inputs}}`;
const model = (rest: string) => `{"model":{"displayName":"m","containerSpec":{"imageUri":"i"},${rest}}}`;

const JOBS = 'customJobs';
const TUNING = 'hyperparameterTuningJobs';
const PIPELINES = 'trainingPipelines';
const json = JSON.stringify;

describe('the service', () => {
  it.each<[string, string, string, RegExp]>([
    ['a body of lists within lists', JOBS, nested, /Message too deep/],
    ['a body of objects within objects', JOBS, nestedObject, /Message too deep/],
    ['a deep field', TUNING, `{"studySpec":${nested}}`, /Message too deep/],
    ['a deep field that is output only', JOBS, `{"error":${nestedObject}}`, /Message too deep/],
    ['deep inputs of a custom task', PIPELINES, pipeline(CUSTOM_TASK, nestedObject), /Message too deep/],
    ['deep inputs of a tuning task', PIPELINES, pipeline(TUNING_TASK, nested), /Message too deep/],
    ['deep metadata of a model', 'models:upload', model(`"metadata":${nested}`), /Message too deep/],
    [
      'deep aliases',
      'models/m@1:mergeVersionAliases',
      `{"versionAliases":${nested}}`,
      /Message too deep|does not exist/,
    ],
    ['a name of a megabyte', JOBS, json({ ...job, displayName: MEGABYTE }), /up to 128 characters/],
    ['a field of a megabyte', JOBS, json({ ...job, [MEGABYTE]: 1 }), /Cannot find field/],
    ['an enum of a megabyte', JOBS, json(withSpec({ scheduling: { strategy: MEGABYTE } })), /Invalid value/],
    ['a label of a megabyte', JOBS, json({ ...job, labels: { a: MEGABYTE } }), /Label keys/],
    ['a definition of a megabyte', PIPELINES, pipeline(MEGABYTE, '{}'), /is not known to this service/],
    [
      'labels without end',
      JOBS,
      json({ ...job, labels: Object.fromEntries(many(MANY, (i) => [`k${i}`, ''])) }),
      /no more than 64/,
    ],
    [
      'variables without end',
      JOBS,
      json(withPool({ containerSpec: { imageUri: 'i', env: many(MANY, (i) => ({ name: `1${i}` })) } })),
      /At most 100 environment/,
    ],
    [
      'pools without end',
      JOBS,
      json(withSpec({ workerPoolSpecs: many(MANY / 4, () => pool) })),
      /at most 1000 replicas/,
    ],
    [
      'pools that are none without end',
      JOBS,
      json(withSpec({ workerPoolSpecs: many(MANY, () => 1) })),
      /Invalid value/,
    ],
    [
      'unknown fields without end',
      JOBS,
      json(Object.fromEntries(many(MANY, (i) => [`u${i}`, 1]))),
      /Cannot find field/,
    ],
    [
      'metrics without end',
      TUNING,
      json(withStudy({ metrics: many(MANY, () => ({ metricId: 'm' })) })),
      /must be unique/,
    ],
    [
      'parameters without end',
      TUNING,
      json(withStudy({ parameters: many(MANY, () => ({ parameterId: 'p' })) })),
      /Exactly one value spec/,
    ],
    [
      'conditions without end',
      TUNING,
      json(
        withStudy({
          parameters: [
            {
              parameterId: 'p',
              discreteValueSpec: { values: many(MANY, (i) => i) },
              conditionalParameterSpecs: many(20, () => ({
                parameterSpec: { parameterId: 'c', discreteValueSpec: { values: [1] } },
                parentDiscreteValues: { values: many(MANY / 20, (i) => i) },
              })),
            },
          ],
        }),
      ),
      /At most 1000 discrete values.*disjoint parent values/,
    ],
    [
      'numbers that are none',
      JOBS,
      '{"jobSpec":{"workerPoolSpecs":[{"replicaCount":1e400},{"replicaCount":-1e400}]}}',
      /TYPE_INT64\), Infinity.*TYPE_INT64\), -Infinity/s,
    ],
    ['a prototype', JOBS, '{"__proto__":{"displayName":"x"}}', /Unknown name \\"__proto__\\"/],
    ['the prototype of labels', JOBS, '{"displayName":"x","jobSpec":{},"labels":{"__proto__":"x"}}', /Label keys/],
    [
      'the prototype of inputs',
      PIPELINES,
      pipeline(CUSTOM_TASK, '{"__proto__":{"workerPoolSpecs":[]}}'),
      /Unknown name/,
    ],
    ['null', JOBS, 'null', /Invalid value/],
    ['no body', PIPELINES, '', /Invalid value/],
    ['a number', TUNING, '1', /Invalid value/],
    [
      'null for all',
      PIPELINES,
      '{"displayName":null,"trainingTaskDefinition":null,"trainingTaskInputs":null}',
      /Required/,
    ],
    ['no model', 'models:upload', '{"model":null}', /Required/],
  ])('refuses %s', async (_name, path, body, message) => {
    const { status, text } = await post(path, body);
    expect(text.slice(0, 10)).toBe('{"error":{');
    expect({ status, error: text }).toEqual({
      status: text.includes('NOT_FOUND') ? 404 : 400,
      error: expect.stringMatching(message),
    });
  });

  it('tells a thousand faults at most', async () => {
    const { text } = await post(JOBS, json(Object.fromEntries(many(MANY, (i) => [`u${i}`, 1]))));
    const { error } = JSON.parse(text) as {
      readonly error: {
        readonly message: string;
        readonly details: readonly { readonly fieldViolations: unknown[] }[];
      };
    };
    expect(error.message.split('\n')).toHaveLength(1000);
    expect(error.details[0]?.fieldViolations).toHaveLength(1000);
  });

  it.each<[string, string, string]>([
    [
      'text of any characters',
      JOBS,
      json(withPool({ containerSpec: { imageUri: 'i', args: ['\u0000', '\ud800', '\u202e'] } })),
    ],
    ['names of all objects as labels', JOBS, json({ ...job, labels: { constructor: 'a', tostring: 'b' } })],
    [
      'a minus zero',
      JOBS,
      '{"displayName":"x","jobSpec":{"workerPoolSpecs":[{"containerSpec":{"imageUri":"i"},"diskSpec":{"bootDiskSizeGb":-0}}]}}',
    ],
    ['the longest timeout', JOBS, json(withSpec({ scheduling: { timeout: '315576000000s' } }))],
    [
      'as many trials as can be counted',
      TUNING,
      json({ ...tuning, maxTrialCount: 2 ** 31 - 1, parallelTrialCount: 1 }),
    ],
    [
      'the widest doubles',
      TUNING,
      json(
        withStudy({
          parameters: [
            { parameterId: 'p', doubleValueSpec: { minValue: -Number.MAX_VALUE, maxValue: Number.MAX_VALUE } },
          ],
        }),
      ),
    ],
  ])('takes %s', async (_name, path, body) => {
    const { status, text } = await post(path, body);
    expect({ status, text }).toEqual({ status: 200, text: expect.stringMatching(/^\{"name":"projects\//) });
  });

  it('goes on after all of it', async () => {
    const answer = await fetch(`http://127.0.0.1:${service.port}${PARENT}/${JOBS}`);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ customJobs: expect.any(Array) });
  });
});
