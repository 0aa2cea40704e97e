import { shown } from '../faults.ts';
import type { Faults } from './collect.ts';
import { parseList, parseMap } from './collections.ts';
import type { BuildInputs, BuildSecret, Inputs } from './inputs.ts';
import type { RawInputs } from './raw.ts';
import {
  BASE_IMAGE,
  parseBoolean,
  parseDuration,
  parsePattern,
  parseWord,
  RESERVED_MEND,
  RESERVED_TAG,
} from './scalars.ts';

/** Where the image's parts lie. */
export function parseSource(
  faults: Faults,
  raw: RawInputs,
): Pick<Inputs, 'context' | 'dockerfile' | 'buildArgs' | 'baseImage'> {
  const context = raw('context') || '.';
  const accepted = 'Write an image name, such as python:3.12-slim, or slim.';
  const baseImage = parsePattern(faults, 'base_image', raw('base_image'), 'image-name', BASE_IMAGE, accepted);
  if (baseImage === 'scratch')
    faults.reject('image-name', 'base_image', 'scratch', 'It is no image, and holds no program. Name one.');
  return {
    context,
    dockerfile: raw('dockerfile') || `${context.replace(/\/+$/, '')}/Dockerfile`.replace(/^\.\//, ''),
    buildArgs: parseBuildArgs(faults, raw),
    baseImage,
  };
}

function parseBuildArgs(faults: Faults, raw: RawInputs): ReadonlyMap<string, string> {
  const buildArgs = parseMap(faults, 'build_args', raw('build_args'));
  if (buildArgs.has('BASE_IMAGE')) {
    faults.add('base-image-argument', 'build_args', 'sets BASE_IMAGE, which this step sets. Use the input base_image.');
  }
  refuseNames(faults, 'build_args', [...buildArgs.keys()]);
  return buildArgs;
}

/** Names that can be a C identifier (env_var.proto); Docker's build arguments are held to the same. */
function refuseNames(faults: Faults, input: string, names: readonly string[]): void {
  for (const name of names) {
    parsePattern(faults, input, name, 'variable-name', /^[A-Za-z_][A-Za-z0-9_]*$/, 'Names hold letters, digits and _.');
    if (name === '') faults.reject('variable-name', input, name, 'A name is not empty.');
  }
}

/** How the image is built, tagged and kept. */
export function parseBuild(faults: Faults, raw: RawInputs): BuildInputs {
  return {
    mode: parseWord(faults, 'build', raw('build'), ['auto', 'always', 'never']) ?? 'auto',
    dockerfileGiven: raw('dockerfile') !== '',
    target: parseTarget(faults, raw),
    tags: parseTags(faults, raw),
    maxAgeSeconds: parseMaxAge(faults, raw),
    driverVersion: parseDriver(faults, raw),
    cache: parseWord(faults, 'cache', raw('cache'), ['auto', 'registry', 'inline', 'gha', 'none']) ?? 'auto',
    secrets: parseSecrets(faults, raw),
    provenance:
      parseWord(faults, 'provenance', raw('provenance'), ['false', 'true', 'mode=min', 'mode=max']) ?? 'false',
    sbom: parseBoolean(faults, 'sbom', raw('sbom') || 'false'),
  };
}

function parseTarget(faults: Faults, raw: RawInputs): string | undefined {
  const accepted = 'Name a stage of the Dockerfile: letters, digits, and ., _ and - between them.';
  return parsePattern(faults, 'target', raw('target'), 'stage-name', /^[A-Za-z0-9][A-Za-z0-9._-]*$/, accepted);
}

/** Tags in the grammar of distribution's references. */
function parseTags(faults: Faults, raw: RawInputs): readonly string[] {
  const tags = parseList(faults, 'tags', raw('tags'));
  for (const tag of tags) {
    const accepted = 'A tag holds at most 128 letters, digits, ., _ and -, and begins with none of . and -.';
    parsePattern(faults, 'tags', tag, 'image-tag', /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/, accepted);
    if (RESERVED_TAG.test(tag)) faults.reject('image-tag-reserved', 'tags', tag, RESERVED_MEND);
  }
  return [...new Set(tags)];
}

function parseMaxAge(faults: Faults, raw: RawInputs): number | 'none' | undefined {
  const given = raw('max_image_age');
  if (given === '' || given === 'none') return given || undefined;
  return parseDuration(faults, 'max_image_age', given);
}

function parseDriver(faults: Faults, raw: RawInputs): string | undefined {
  const accepted = "Write a Linux driver's version, such as 550 or 550.54.15.";
  return parsePattern(
    faults,
    'driver_version',
    raw('driver_version'),
    'driver-version',
    /^\d{3}(?:\.\d+){0,2}$/,
    accepted,
  );
}

const SECRET_INPUTS = [
  ['build_secrets', 'value'],
  ['build_secret_envs', 'env'],
  ['build_secret_files', 'file'],
] as const;

/** Secrets of the build by their ids, whichever of the inputs gives them. */
function parseSecrets(faults: Faults, raw: RawInputs): readonly BuildSecret[] {
  const secrets: BuildSecret[] = [];
  for (const [input, from] of SECRET_INPUTS) {
    for (const [id, text] of parseMap(faults, input, raw(input))) {
      if (secrets.some((secret) => secret.id === id)) {
        faults.add('duplicate-key', input, `names the secret ${shown(id)} a second time.`);
      } else if (text === '') {
        faults.add('build-secret', input, `the secret ${shown(id)} is empty. Give its ${from}, or remove it.`);
      } else if (isSecretId(faults, input, id) && isVariable(faults, input, from, text))
        secrets.push({ id, from, text });
    }
  }
  return secrets;
}

function isSecretId(faults: Faults, input: string, id: string): boolean {
  const accepted = 'A secret id holds letters, digits, ., _ and -.';
  return parsePattern(faults, input, id, 'build-secret', /^[A-Za-z0-9_][A-Za-z0-9._-]*$/, accepted) !== undefined;
}

function isVariable(faults: Faults, input: string, from: BuildSecret['from'], text: string): boolean {
  if (from !== 'env') return true;
  const accepted = 'Write ID=NAME with the name of an environment variable.';
  return parsePattern(faults, input, text, 'build-secret', /^[A-Za-z_][A-Za-z0-9_]*$/, accepted) !== undefined;
}
