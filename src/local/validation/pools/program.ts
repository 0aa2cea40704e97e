import type { ContainerSpec, EnvVar, PythonPackageSpec } from '../../../vertex/types.ts';
import { bucketOf } from '../../storage/buckets.ts';
import { type Finding, findingUnless } from '../findings.ts';

const MOST_ENV = 100;
const MOST_PACKAGES = 100;
const MOST_ARGUMENT_CHARACTERS = 100_000;

/** Whether the name can be an image's; what passes is safe as a path of the engine's API. */
function isImageUri(uri: string): boolean {
  return /^[A-Za-z0-9][\w./:@-]*$/.test(uri) && !uri.includes('..') && !uri.includes('//');
}

/** What the form of an image's URI refuses; that it is required is another rule. */
export function imageFindings(uri: string | undefined, field: string): Finding[] {
  return findingUnless(uri === undefined || isImageUri(uri), field, 'A valid image URI is required.');
}

/** What the rules of variables refuse: names are C identifiers (env_var.proto), each once. */
export function envFindings(env: readonly EnvVar[], field: string): Finding[] {
  const names = env.map(({ name }) => name).filter((name) => name !== undefined);
  return [
    ...findingUnless(new Set(names).size === names.length, field, 'EnvVar names must be unique.'),
    ...env.flatMap(({ name }, index) =>
      findingUnless(
        name === undefined || /^[A-Za-z_]\w*$/.test(name),
        `${field}[${index}].name`,
        'EnvVar name must be a valid C identifier.',
      ),
    ),
  ];
}

/** What holds for arguments and variables of both kinds of program (custom_job.proto, docs create-training-pipeline). */
function commonFindings({ args = [], env = [] }: Pick<ContainerSpec, 'args' | 'env'>, field: string): Finding[] {
  const length = args.reduce((sum, arg) => sum + arg.length, 0);
  return [
    ...findingUnless(
      length <= MOST_ARGUMENT_CHARACTERS,
      `${field}.args`,
      `All arguments together can have at most ${MOST_ARGUMENT_CHARACTERS} characters.`,
    ),
    ...findingUnless(env.length <= MOST_ENV, `${field}.env`, `At most ${MOST_ENV} environment variables can be set.`),
    ...envFindings(env, `${field}.env`),
  ];
}

/** What the rules of ContainerSpec refuse. */
export function containerFindings(container: ContainerSpec, field: string): Finding[] {
  return [...imageFindings(container.imageUri, `${field}.image_uri`), ...commonFindings(container, field)];
}

/**
 * What the rules of PythonPackageSpec refuse. That the image is one of the service's own is not asked: any image with Python
 * and pip can run a package here.
 */
export function packageFindings(spec: PythonPackageSpec, field: string): Finding[] {
  const { executorImageUri, packageUris = [] } = spec;
  const isObject = (uri: string) => bucketOf(uri) !== undefined && /^gs:\/\/[^/]+\/.*[^/]$/s.test(uri);
  return [
    ...imageFindings(executorImageUri, `${field}.executor_image_uri`),
    ...findingUnless(
      packageUris.length <= MOST_PACKAGES,
      `${field}.package_uris`,
      `At most ${MOST_PACKAGES} package URIs can be set.`,
    ),
    ...packageUris.flatMap((uri, index) =>
      findingUnless(
        isObject(uri),
        `${field}.package_uris[${index}]`,
        'A Cloud Storage URI of a file (gs://bucket/path) is required.',
      ),
    ),
    ...commonFindings(spec, field),
  ];
}
