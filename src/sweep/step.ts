import type { Fault } from '../faults.ts';
import { type Endpoints, endpointsOf, onLoopback } from '../google/endpoints.ts';
import { ID_TOKEN_MEND, offersIdTokens } from '../inputs/id-token.ts';
import { type RunContext, readRunContext } from '../inputs/run-context.ts';
import { parseSweepInputs, type RawSweepInputs, type SweepInputs } from './inputs.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Everything that the step was given. */
export interface SweepStep {
  readonly inputs: SweepInputs;
  readonly context: RunContext;
  /** Where Google's services are asked, for each of the regions. */
  readonly endpoints: ReadonlyMap<string, Endpoints>;
  /** All that is wrong with it. */
  readonly faults: readonly Fault[];
}

/** Reads the inputs and the run's variables; nothing is asked of the network. */
export function readSweepStep(env: Env, raw: RawSweepInputs): SweepStep {
  const { inputs, faults } = parseSweepInputs(raw);
  const context = readRunContext(env);
  const endpoints = new Map(inputs.regions.map((region) => [region, endpointsOf(env, region)]));
  return {
    inputs,
    context,
    endpoints,
    faults: [
      ...faults,
      // The variables are the same for each region.
      ...(endpoints.values().next().value?.faults ?? []),
      ...localFaults(endpoints),
      ...idTokenFaults(raw('workload_identity_provider'), inputs, env),
      ...workflowFaults(context),
    ],
  };
}

/** A region on this machine that stands already is named by an endpoint. */
function localFaults(endpoints: ReadonlyMap<string, Endpoints>): Fault[] {
  const local = endpoints.get('local');
  const overridden = local?.overridden.some(({ variable }) => variable.endsWith('_AIPLATFORM'));
  if (local === undefined || (overridden && onLoopback(local.url.AIPLATFORM))) return [];
  const message =
    'local ends with the step that started it, and leaves nothing over. Remove it, or name a standing local service in CLOUDSDK_API_ENDPOINT_OVERRIDES_AIPLATFORM.';
  return [{ rule: 'local-region', input: 'region', message }];
}

/** Whatever else is wrong with the provider that is given, it takes a token. */
function idTokenFaults(provider: string, { regions }: SweepInputs, env: Env): Fault[] {
  const federated = provider !== '' && regions.some((region) => region !== 'local');
  if (!federated || offersIdTokens(env)) return [];
  return [{ rule: 'id-token', input: 'workload_identity_provider', message: ID_TOKEN_MEND }];
}

/** Jobs are known by the repository's id. */
function workflowFaults(context: RunContext): Fault[] {
  const variables = {
    GITHUB_REPOSITORY: context.repository,
    GITHUB_REPOSITORY_ID: context.repositoryId,
    GITHUB_RUN_ID: context.runId,
  };
  return Object.entries(variables)
    .filter(([, value]) => value === '')
    .map(([input]) => ({
      rule: 'workflow',
      input,
      message: 'is missing: this step runs in a workflow of GitHub only.',
    }));
}
