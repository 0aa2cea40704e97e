import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { faultText } from '../../src/faults.ts';
import { SWEEP_INPUTS } from '../../src/sweep/inputs.ts';
import { readSweepStep } from '../../src/sweep/step.ts';

type Given = Partial<Record<(typeof SWEEP_INPUTS)[number], string>>;
type Env = Readonly<Record<string, string | undefined>>;

const PROVIDER = 'projects/123/locations/global/workloadIdentityPools/github/providers/repo';
const VERTEX = 'CLOUDSDK_API_ENDPOINT_OVERRIDES_AIPLATFORM';
const LEAST: Given = { project_id: 'my-project', region: 'us-central1', cancel: 'false', token: 'ghs_x' };
const OIDC = { ACTIONS_ID_TOKEN_REQUEST_URL: 'http://127.0.0.1:1/', ACTIONS_ID_TOKEN_REQUEST_TOKEN: 't' };
const WORKFLOW = { GITHUB_REPOSITORY: 'octo-org/digits', GITHUB_REPOSITORY_ID: '7', GITHUB_RUN_ID: '9' };

const stepOf = (given: Given = {}, env: Env = {}) => {
  const all = { ...LEAST, ...given };
  return readSweepStep({ ...WORKFLOW, ...env }, (name) => all[name] ?? '');
};

test('the inputs are those of sweep/action.yml', () => {
  const file = parse(readFileSync(new URL('../../sweep/action.yml', import.meta.url), 'utf8')) as {
    readonly inputs: Readonly<Record<string, unknown>>;
  };
  expect(Object.keys(file.inputs).sort()).toEqual([...SWEEP_INPUTS].sort());
});

describe('regions', () => {
  test.each<{ name: string; region: string; regions: string[] }>([
    { name: 'one', region: 'us-central1', regions: ['us-central1'] },
    { name: 'one a line', region: 'us-central1\neurope-west4\n', regions: ['us-central1', 'europe-west4'] },
    { name: 'as a sequence', region: '[us-central1, europe-west4]', regions: ['us-central1', 'europe-west4'] },
    { name: 'each once', region: 'us-central1\nus-central1', regions: ['us-central1'] },
  ])('$name', ({ region, regions }) => {
    const { inputs, endpoints, faults } = stepOf({ region });
    expect([inputs.regions, [...endpoints.keys()], faults]).toEqual([regions, regions, []]);
    expect([...endpoints.values()].map(({ url }) => url.AIPLATFORM)).toEqual(
      regions.map((each) => `https://${each}-aiplatform.googleapis.com`),
    );
  });

  test('on this machine beside others, where a service stands', () => {
    const { faults, endpoints } = stepOf({ region: 'local' }, { [VERTEX]: 'http://127.0.0.1:8600/' });
    expect(faults).toEqual([]);
    expect(endpoints.get('local')?.url.AIPLATFORM).toBe('http://127.0.0.1:8600');
  });
});

describe('faults', () => {
  const NO_REGION = 'region is missing. Name the regions that jobs run in, one a line. [required]';
  const LOCAL =
    'region: local ends with the step that started it, and leaves nothing over. Remove it, or name a standing local service in CLOUDSDK_API_ENDPOINT_OVERRIDES_AIPLATFORM. [local-region]';

  test.each<{ name: string; given?: Given; env?: Env; faults: (string | RegExp)[] }>([
    { name: 'none', faults: [] },
    { name: 'none with a provider', given: { workload_identity_provider: PROVIDER }, env: OIDC, faults: [] },
    { name: 'no region', given: { region: '' }, faults: [NO_REGION] },
    { name: 'an empty list of regions', given: { region: '[]' }, faults: [NO_REGION] },
    {
      name: 'a zone',
      given: { region: 'us-central1-a' },
      faults: [/^region: "us-central1-a" is not accepted\..* \[region\]$/],
    },
    { name: 'a list that is none', given: { region: '[us-central1' }, faults: [/^region: /] },
    { name: 'this machine alone', given: { region: 'local' }, faults: [LOCAL] },
    {
      name: 'this machine with a service elsewhere',
      given: { region: 'local' },
      env: { [VERTEX]: 'https://eu-aiplatform.googleapis.com/' },
      faults: [LOCAL],
    },
    {
      name: 'a word for a truth',
      given: { cancel: 'yes' },
      faults: [/^cancel: "yes" is not accepted\..*\[boolean\]$/],
    },
    { name: 'no token', given: { token: '' }, faults: [/^token is empty: GitHub could not be asked .*\[required\]$/] },
    {
      name: 'a provider without OIDC tokens',
      given: { workload_identity_provider: PROVIDER },
      faults: [/^workload_identity_provider: GitHub offers this step no OIDC token\..*\[id-token\]$/],
    },
    {
      name: 'an account without a provider',
      given: { service_account: 'a@b.iam.gserviceaccount.com' },
      faults: [/^service_account is for signing in through workload_identity_provider, .*\[sign-in\]$/],
    },
    {
      name: 'an endpoint anywhere, once for all regions',
      given: { region: 'us-central1\neurope-west4' },
      env: { [VERTEX]: 'https://evil.example/' },
      faults: [new RegExp(`^${VERTEX}: "https://evil.example/" is not accepted`)],
    },
    {
      name: 'no workflow',
      env: { GITHUB_REPOSITORY_ID: undefined, GITHUB_RUN_ID: '' },
      faults: [
        'GITHUB_REPOSITORY_ID is missing: this step runs in a workflow of GitHub only. [workflow]',
        'GITHUB_RUN_ID is missing: this step runs in a workflow of GitHub only. [workflow]',
      ],
    },
    {
      name: 'everything at once',
      given: {
        project_id: '',
        region: 'x',
        cancel: '',
        token: '',
        workload_identity_provider: 'p',
        service_account: 's',
      },
      faults: [
        /^token/,
        /^project_id/,
        /^region/,
        /^workload_identity_provider: "p"/,
        /^service_account/,
        /\[id-token\]$/,
      ],
    },
  ])('$name', ({ given, env, faults }) => {
    const found = stepOf(given, env).faults.map(faultText);
    expect(found).toHaveLength(faults.length);
    for (const [index, fault] of faults.entries()) expect(found[index]).toEqual(matching(fault));
  });
});

const matching = (text: string | RegExp) => (typeof text === 'string' ? text : expect.stringMatching(text));
