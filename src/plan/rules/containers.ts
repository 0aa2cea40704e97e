import { shown } from '../../faults.ts';
import type { EnvVar, WorkerPoolSpec } from '../../vertex/types.ts';
import type { Finding } from '../findings.ts';
import { error, type Rule, repeated, warning } from './rule.ts';

/** Containers and Python packages of the pools (custom_job.proto, env_var.proto). */
export const containerRules: Rule = ({ spec }) =>
  spec.workerPoolSpecs.flatMap((pool, index) => {
    const path = `spec.workerPoolSpecs[${index}]`;
    return [...programRules(pool, path, index), ...packageRules(pool, `${path}.pythonPackageSpec`)];
  });

function programRules(pool: WorkerPoolSpec, path: string, index: number): Finding[] {
  const field = pool.pythonPackageSpec ? 'pythonPackageSpec' : 'containerSpec';
  const program = pool.pythonPackageSpec ?? pool.containerSpec;
  // An empty later pool keeps its position free.
  if (program === undefined) {
    return index > 0 && Object.keys(pool).length === 0
      ? []
      : [error('pool-program', path, 'has neither containerSpec nor pythonPackageSpec. Give it one.')];
  }
  return [
    ...argRules(program.args ?? [], `${path}.${field}.args`),
    ...envRules(program.env ?? [], `${path}.${field}.env`),
  ];
}

/** All arguments together hold at most 100,000 characters (create-training-pipeline). */
function argRules(args: readonly string[], path: string): Finding[] {
  const length = args.reduce((sum, arg) => sum + arg.length, 0);
  if (length <= 100_000) return [];
  return [error('args-length', path, `holds ${length} characters; at most 100000 are accepted. Put them in a file.`)];
}

const SECRET_NAME = /(?:^|_)(?:PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|PRIVATE_?KEY|CREDENTIALS?)(?:_|$)/i;
/** Shapes of well-known secrets: GitHub, Google, Slack and Hugging Face tokens, AWS keys, private keys, JWTs. */
const SECRET_VALUE =
  /^(?:gh[pousr]_\w{20,}|github_pat_\w{20,}|ya29\.[\w.-]{20,}|AIza[\w-]{30,}|xox[abprs]-[\w-]{10,}|hf_\w{20,}|A(?:KIA|SIA)[A-Z0-9]{16}|eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]+|-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*)$/;
const SECRET_VERSION = /^projects\/[^/]+\/secrets\/[^/]+(?:\/versions\/[^/]+)?$/;

function envRules(env: readonly EnvVar[], path: string): Finding[] {
  const findings = env.flatMap(({ name, value }, index) => {
    const at = `${path}[${index}]`;
    const found: Finding[] = [];
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
      found.push(error('env-name', at, `${shown(name)} is no variable name: letters, digits and _, first no digit.`));
    }
    if (looksSecret(name, value)) {
      found.push(
        warning(
          'env-secret',
          at,
          `${shown(name)} looks like a secret, and the console shows it to everyone who may view the job. Pass the name of a Secret Manager version (projects/P/secrets/S/versions/V) and read it in the program.`,
        ),
      );
    }
    return found;
  });
  for (const name of repeated(env.map((each) => each.name))) {
    findings.push(error('env-unique', path, `${shown(name)} stands more than once. Keep one.`));
  }
  if (env.length > 100)
    findings.push(error('env-count', path, `holds ${env.length} variables; at most 100 are accepted.`));
  return findings;
}

/** By the value's shape, or by the name where the value is not plainly something else. */
function looksSecret(name: string, value: string): boolean {
  if (SECRET_VERSION.test(value)) return false;
  if (SECRET_VALUE.test(value.trim())) return true;
  return SECRET_NAME.test(name) && value.length >= 8 && !/^(?:\/|gs:\/\/|https?:\/\/|true$|false$|\d+$)/i.test(value);
}

function packageRules({ pythonPackageSpec: spec }: WorkerPoolSpec, path: string): Finding[] {
  if (spec === undefined) return [];
  const { packageUris = [], pythonModule, executorImageUri } = spec;
  const findings: Finding[] = [];
  if (!executorImageUri)
    findings.push(error('package-image', path, 'has no executorImageUri. Name a prebuilt training container.'));
  if (!pythonModule) findings.push(error('package-module', path, 'has no pythonModule. Name the module to run.'));
  if (packageUris.length < 1 || packageUris.length > 100) {
    findings.push(
      error('package-uris', `${path}.packageUris`, `holds ${packageUris.length} packages; 1 to 100 are accepted.`),
    );
  }
  for (const [index, uri] of packageUris.entries()) {
    if (/^gs:\/\/[^/]+\/.+/.test(uri)) continue;
    findings.push(error('package-uri', `${path}.packageUris[${index}]`, `${shown(uri)} is not gs://BUCKET/OBJECT.`));
  }
  return findings;
}
