import { access, constants, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { shown, UserError } from '../../faults.ts';
import { textAt } from '../../json.ts';
import type { BuildSecret } from './types.ts';

/** Secrets as docker takes them: no value stands in the arguments. */
export interface PreparedSecrets {
  /** Values of --secret. */
  readonly options: readonly string[];
  /** Variables that docker's environment needs beside its own. */
  readonly env: Readonly<Record<string, string>>;
}

export interface SecretPlace {
  /** Environment of docker. */
  readonly env: Readonly<Record<string, string>>;
  /** A private folder that is gone when the build ends. */
  readonly folder: string;
  /** Whether every secret goes as a file: clients without buildx before version 20.10 know no others. */
  readonly asFiles: boolean;
}

/** Throws UserError that tells every secret which cannot be given. */
export async function prepareSecrets(secrets: readonly BuildSecret[], place: SecretPlace): Promise<PreparedSecrets> {
  const faults = (await Promise.all(secrets.map((secret) => faultOf(secret, place.env)))).flat();
  if (faults.length > 0) throw new UserError(faults.join('\n'));
  const prepared = await Promise.all(secrets.map((secret, index) => prepareOne(secret, index, place)));
  return {
    options: prepared.map(({ option }) => option),
    env: Object.assign({}, ...prepared.map(({ env }) => env)),
  };
}

async function faultOf(secret: BuildSecret, env: SecretPlace['env']): Promise<string[]> {
  const { id } = secret;
  if (!/^[\w.-]+$/.test(id)) {
    return [`A build secret has the id ${shown(id)}: letters, digits, "_", "." and "-" are accepted.`];
  }
  if (secret.from === 'env' && env[secret.name] === undefined) {
    return [
      `The build secret ${id} is to come from the variable ${shown(secret.name)}, which is not set. Set it in env.`,
    ];
  }
  if (secret.from !== 'file') return [];
  return access(secret.path, constants.R_OK).then(
    () => [],
    (error: unknown) => [
      `The build secret ${id} is to come from the file ${shown(secret.path)}, which cannot be read (${textAt(error, 'code')}).`,
    ],
  );
}

interface Prepared {
  readonly option: string;
  readonly env: Readonly<Record<string, string>>;
}

async function prepareOne(secret: BuildSecret, index: number, place: SecretPlace): Promise<Prepared> {
  if (secret.from === 'file') return { option: option(secret.id, `src=${secret.path}`), env: {} };
  const value = secret.from === 'env' ? place.env[secret.name] : secret.value;
  if (place.asFiles) {
    const path = join(place.folder, `secret-${index}`);
    await writeFile(path, value ?? '', { mode: 0o600 });
    return { option: option(secret.id, `src=${path}`), env: {} };
  }
  if (secret.from === 'env') return { option: option(secret.id, `env=${secret.name}`), env: {} };
  const name = `TRAIN_ON_VERTEX_SECRET_${index}`;
  return { option: option(secret.id, `env=${name}`), env: { [name]: secret.value } };
}

/** docker reads the option as a line of CSV. */
function option(id: string, source: string): string {
  return `id=${id},${/[",\n\r]/.test(source) ? `"${source.replaceAll('"', '""')}"` : source}`;
}
