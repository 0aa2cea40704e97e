import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Fault, shown } from '../faults.ts';
import { splitLines } from '../log.ts';
import type { BuildSecret } from './inputs.ts';

type Env = Readonly<Record<string, string | undefined>>;

export interface SecretsRead {
  /** What must never be shown. */
  readonly values: readonly string[];
  readonly faults: readonly Fault[];
}

/** What programs that this step starts never see. */
const HIDDEN = /^(?:INPUT_|STATE_|ACTIONS_ID_TOKEN_|ACTIONS_RUNTIME_TOKEN$)/;

/** BuildKit takes no larger secret (moby/buildkit, session/secrets/secretsprovider: MaxSecretSize). */
const MOST_BYTES = 500 * 1024;

/** Looks up what the build's secrets are, so that it can be masked, and tells what is missing. */
export function readSecrets(secrets: readonly BuildSecret[], env: Env, workspace: string): SecretsRead {
  const read = secrets.map((secret) => readSecret(secret, env, workspace));
  return {
    values: read.flatMap(({ values }) => values),
    faults: read.flatMap(({ fault }) => (fault === undefined ? [] : [fault])),
  };
}

interface SecretRead {
  readonly values: readonly string[];
  readonly fault?: Fault;
}

function readSecret({ id, from, text }: BuildSecret, env: Env, workspace: string): SecretRead {
  if (from === 'value') return { values: [text] };
  if (from === 'file') return readFile(id, text, workspace);
  if (HIDDEN.test(text)) {
    const message = `the secret ${shown(id)} names ${text}, which no build is ever given: it is the runner's own.`;
    return { values: [], fault: { rule: 'build-secret', input: 'build_secret_envs', message } };
  }
  const value = env[text];
  if (value !== undefined && value !== '') return { values: [value] };
  const message = `the secret ${shown(id)} names the environment variable ${text}, which is not set in this step. Set it in env.`;
  return { values: [], fault: { rule: 'build-secret', input: 'build_secret_envs', message } };
}

function readFile(id: string, path: string, workspace: string): SecretRead {
  const refused = (why: string): SecretRead => {
    const message = `the secret ${shown(id)} names the file ${shown(path)}, ${why}.`;
    return { values: [], fault: { rule: 'build-secret', input: 'build_secret_files', message } };
  };
  const file = resolve(workspace, path);
  const stat = statSync(file, { throwIfNoEntry: false });
  if (stat === undefined) return refused('which is missing. Write it in a step before this one');
  if (!stat.isFile()) return refused('which is no file. Name one');
  if (stat.size > MOST_BYTES) return refused(`of ${stat.size} bytes; a secret holds at most ${MOST_BYTES}`);
  return { values: telling(readFileSync(file, 'utf8')) };
}

/** Lines such as `{` stand in every log: masking them would hide nothing and black out everything. */
const telling = (text: string) =>
  splitLines(text)
    .map((line) => line.trim())
    .filter((line) => line.length >= 8);
