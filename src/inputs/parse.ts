import type { Fault } from '../faults.ts';
import { parseBuild, parseSource } from './build.ts';
import { Faults } from './collect.ts';
import { parseList, parseMap } from './collections.ts';
import { parseCourse } from './course.ts';
import type { Inputs, RegistryLogin } from './inputs.ts';
import { parseLimits } from './limits.ts';
import { parseModel } from './model.ts';
import type { RawInputs } from './raw.ts';
import { parseBoolean, parseCount, parseImage, parsePattern } from './scalars.ts';
import { parseProject, parseSignIn } from './sign-in.ts';
import { parseSpecFields } from './spec-fields.ts';
import { parseStudy } from './study.ts';

export const IMAGE_MISSING =
  'is missing. Name the image to push, such as us-central1-docker.pkg.dev/my-project/training/mnist.';

export interface ParsedInputs {
  /** Complete only where there are no faults; else each rejected value is left out or at its default. */
  readonly inputs: Inputs;
  readonly faults: readonly Fault[];
}

/** Reads every input and collects every fault. No file and no network is touched. */
export function parseInputs(raw: RawInputs): ParsedInputs {
  const faults = new Faults();
  const inputs: Inputs = {
    ...parsePlace(faults, raw),
    ...parseSource(faults, raw),
    build: parseBuild(faults, raw),
    ...parseHardware(faults, raw),
    ...parseProgram(faults, raw),
    ...parseConfigInputs(faults, raw),
    study: parseStudy(faults, raw),
    model: parseModel(faults, raw),
    limits: parseLimits(faults, raw),
    ignore: parseList(faults, 'ignore', raw('ignore')),
    signIn: parseSignIn(faults, raw),
    registry: parseRegistry(faults, raw),
    jobKey: raw('job_key'),
    matrix: raw('matrix'),
    submit: parseBoolean(faults, 'submit', raw('submit') || 'true'),
    wait: parseBoolean(faults, 'wait', raw('wait') || 'true'),
    course: parseCourse(faults, raw),
    dryRun: parseBoolean(faults, 'dry_run', raw('dry_run') || 'false'),
  };
  return { inputs, faults: faults.list };
}

function parsePlace(faults: Faults, raw: RawInputs): Pick<Inputs, 'projectId' | 'region' | 'image'> {
  const projectId = parseProject(faults, raw);
  const region = parseRegion(faults, raw);
  const image = parseImage(faults, 'image', raw('image'));
  // A config may bring every image itself: whether one is built, the plan knows.
  if (raw('image') === '' && region !== 'local' && raw('config').trim() === '' && raw('job') === '') {
    faults.add('required', 'image', IMAGE_MISSING);
  }
  return { projectId, region, image };
}

function parseRegion(faults: Faults, raw: RawInputs): string {
  const regions = parseList(faults, 'region', raw('region'));
  const [region = ''] = regions;
  if (regions.length === 0)
    faults.add('required', 'region', "is missing. Name a region such as us-central1, or 'local'.");
  if (regions.length > 1) {
    faults.add(
      'one-region',
      'region',
      `names ${regions.length} regions; this version takes one. Keep the first choice.`,
    );
  }
  parsePattern(
    faults,
    'region',
    region,
    'region',
    /^(?:local|[a-z]+-[a-z]+\d{1,2})$/,
    'Write a region (not a zone) such as us-central1, or local.',
  );
  return region;
}

function parseHardware(
  faults: Faults,
  raw: RawInputs,
): Pick<
  Inputs,
  | 'machineType'
  | 'acceleratorType'
  | 'acceleratorCount'
  | 'tpuTopology'
  | 'replicaCount'
  | 'reductionServers'
  | 'evaluators'
> {
  const count = (input: 'accelerator_count' | 'replica_count' | 'reduction_servers' | 'evaluators') =>
    raw(input) === '' ? undefined : (parseCount(faults, input, raw(input)) ?? Number.NaN);
  const acceleratorCount = count('accelerator_count');
  const unpaired = acceleratorCount !== undefined && raw('accelerator_type') === '' && raw('config') === '';
  if (unpaired) {
    faults.add(
      'accelerator-pair',
      'accelerator_type',
      'is missing beside accelerator_count. Name the accelerator, or remove the count.',
    );
  }
  return {
    machineType: raw('machine_type') || undefined,
    acceleratorType: raw('accelerator_type') || undefined,
    acceleratorCount: unpaired ? undefined : acceleratorCount,
    tpuTopology: parsePattern(
      faults,
      'tpu_topology',
      raw('tpu_topology'),
      'tpu-topology',
      /^\d+x\d+(?:x\d+)?$/,
      'Write it as 2x4 or 2x2x4.',
    ),
    replicaCount: count('replica_count'),
    reductionServers: count('reduction_servers'),
    evaluators: count('evaluators'),
  };
}

function parseProgram(faults: Faults, raw: RawInputs): Pick<Inputs, 'command' | 'args' | 'envVars' | 'labels'> {
  return {
    command: parseList(faults, 'command', raw('command')),
    args: parseList(faults, 'args', raw('args')),
    envVars: parseMap(faults, 'env_vars', raw('env_vars')),
    labels: parseMap(faults, 'labels', raw('labels')),
  };
}

const KMS_KEY = /^projects\/[^/]+\/locations\/[^/]+\/keyRings\/[^/]+\/cryptoKeys\/[^/]+$/;

function parseConfigInputs(
  faults: Faults,
  raw: RawInputs,
): Pick<Inputs, 'config' | 'variables' | 'specFields' | 'kmsKey'> {
  const variables = parseMap(faults, 'variables', raw('variables'));
  if (raw('config').trim() === '' && variables.size > 0) {
    faults.add('config-only', 'variables', 'belongs to config, which is missing. Give that too, or remove it.');
  }
  return {
    config: raw('config').trim() === '' ? undefined : raw('config'),
    variables,
    specFields: parseSpecFields(faults, raw),
    kmsKey: parsePattern(
      faults,
      'kms_key',
      raw('kms_key'),
      'kms-key',
      KMS_KEY,
      'Write projects/PROJECT/locations/LOCATION/keyRings/RING/cryptoKeys/KEY.',
    ),
  };
}

function parseRegistry(faults: Faults, raw: RawInputs): RegistryLogin | undefined {
  const username = raw('registry_username');
  const password = raw('registry_password');
  if ((username === '') !== (password === '')) {
    const missing = username === '' ? 'registry_username' : 'registry_password';
    faults.add('registry-login', missing, 'is missing: registry_username and registry_password go together.');
  }
  return username === '' || password === '' ? undefined : { username, password };
}
