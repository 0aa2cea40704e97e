import type { Fault } from '../faults.ts';
import { parseBuild, parseSource } from './build.ts';
import { Faults } from './collect.ts';
import { parseList, parseMap } from './collections.ts';
import { parseCourse } from './course.ts';
import { parseFallback, parseHardware } from './hardware.ts';
import type { Inputs, RegistryLogin } from './inputs.ts';
import { parseLimits } from './limits.ts';
import { parseModel } from './model.ts';
import { parsePlace } from './place.ts';
import type { RawInputs } from './raw.ts';
import { parseResults } from './results.ts';
import { parseBoolean, parsePattern } from './scalars.ts';
import { parseSignIn } from './sign-in.ts';
import { parseSpecFields } from './spec-fields.ts';
import { parseStudy } from './study.ts';

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
    fallbackHardware: parseFallback(faults, raw),
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
    results: parseResults(faults, raw),
    dryRun: parseBoolean(faults, 'dry_run', raw('dry_run') || 'false'),
  };
  return { inputs, faults: faults.list };
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
