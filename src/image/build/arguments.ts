import { attests } from './attestations.ts';
import type { Builder } from './builder.ts';
import type { CachePlan } from './cache.ts';
import { PROXIES } from './proxies.ts';
import type { PreparedSecrets } from './secrets.ts';
import type { BuildRequest } from './types.ts';
import { atLeast } from './versions.ts';

/** One docker command: its arguments, and the variables that it reads beside its environment. */
export interface Command {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export interface CommandParts {
  readonly request: BuildRequest;
  readonly builder: Builder;
  readonly cache: CachePlan;
  readonly secrets: PreparedSecrets;
  /** Environment of docker. */
  readonly env: Readonly<Record<string, string>>;
  /** Files that docker writes: the image's id, and what was built. */
  readonly idFile: string;
  readonly metadataFile: string;
  /** Folder for what the runtime that runs podman's steps notes. */
  readonly runtimeFolder: string;
}

/** The command that builds; where the builder itself pushes, and the request says so, it pushes too. */
export function buildCommand(parts: CommandParts): Command {
  const { request, builder, secrets } = parts;
  const own = builder.kind === 'podman' ? podmanOptions(parts) : buildkitOptions(parts);
  const values = buildArguments(parts);
  return {
    args: [
      ...own,
      `--file=${request.dockerfile}`,
      ...(pushesByDigest(parts) ? [] : [`--tag=${request.repository}:${request.tag}`]),
      ...(request.platform === undefined ? [] : [`--platform=${request.platform}`]),
      ...(request.target === undefined ? [] : [`--target=${request.target}`]),
      ...Object.entries(request.labels).map(([name, value]) => `--label=${name}=${value}`),
      ...values.args,
      ...secrets.options.map((option) => `--secret=${option}`),
      request.folder,
    ],
    env: { ...secrets.env, ...values.env },
  };
}

/** A tag is what the next run looks for: it is put on the image once the image is known to be the right one. */
const pushesByDigest = ({ request, builder }: CommandParts) => request.push && builder.full && !builder.inEngine;

function buildkitOptions(parts: CommandParts): string[] {
  const { request, builder, cache } = parts;
  const fresh = [...(request.fresh ? ['--no-cache'] : []), ...(request.pull ? ['--pull'] : [])];
  if (builder.kind === 'plain') {
    // Without buildx a reference stands alone, and the cache inside the image is a build argument.
    const imports = cache.imports.map((each) => `--cache-from=${each.replace(/^type=registry,ref=/, '')}`);
    return ['build', '--progress=plain', ...fresh, ...imports, `--iidfile=${parts.idFile}`];
  }
  return [
    'buildx',
    'build',
    '--progress=plain',
    ...outputOptions(parts),
    ...attestations(parts),
    ...fresh,
    ...cache.imports.map((each) => `--cache-from=${each}`),
    ...cache.exports.map((each) => `--cache-to=${each}`),
    `--iidfile=${parts.idFile}`,
    `--metadata-file=${parts.metadataFile}`,
  ];
}

/**
 * Media types are named, so that the digest does not move with BuildKit's version (0.32 changed its default): Docker's,
 * which the plain engine knows alone, and OCI's where attestations need them.
 */
function outputOptions({ request, builder, env }: CommandParts): string[] {
  if (!request.push || !builder.full) return ['--load'];
  const oci = `oci-mediatypes=${attests(request)}`;
  if (builder.inEngine) return [`--output=type=image,${oci}`];
  // The engine's own store refuses it; builders before BuildKit 0.13 do not know it and go on without.
  const times = env['SOURCE_DATE_EPOCH'] === undefined ? '' : ',rewrite-timestamp=true';
  return [`--output=type=image,name=${request.repository},push-by-digest=true,push=true,${oci}${times}`];
}

/** buildx attaches provenance unless told otherwise since 0.10, and knows no attestations before. */
function attestations({ request, builder }: CommandParts): string[] {
  if (builder.version !== undefined && !atLeast(builder.version, 0, 10)) return [];
  const { provenance, sbom } = request.push ? request : { provenance: 'false', sbom: false };
  return [`--provenance=${provenance}`, ...(sbom ? ['--sbom=true'] : [])];
}

function podmanOptions({ request, env, idFile, runtimeFolder }: CommandParts): string[] {
  const epoch = env['SOURCE_DATE_EPOCH'] ?? '';
  return [
    'build',
    '--format=docker',
    '--layers',
    `--ignorefile=${request.dockerfile}.dockerignore`,
    ...(request.fresh ? ['--no-cache'] : []),
    ...(request.pull ? ['--pull=always'] : []),
    ...(/^\d+$/.test(epoch) ? [`--timestamp=${epoch}`] : []),
    `--iidfile=${idFile}`,
    // A cancelled step's note would stay where the runtime keeps its own.
    `--runtime-flag=root=${runtimeFolder}`,
  ];
}

/** Names that mean something to docker itself, to podman or to the programs and libraries under them. */
const RESERVED =
  /^(?:PATH|HOME|USER|SHELL|PWD|TMPDIR|TMP|TEMP|TERM|LANG|TZ|IFS|ENV|NO_COLOR|SOURCE_DATE_EPOCH|REGISTRY_AUTH_FILE|(?:DOCKER|BUILDX|BUILDKIT|BUILDAH|PODMAN|CONTAINERS?|STORAGE|COMPOSE|ACTIONS|GITHUB|RUNNER|OTEL|XDG|SSH|SSL|DBUS|GO|LC|LD|BASH|GPG|TRAIN_ON_VERTEX)(?:_.*|[A-Z]*)|.*_PROXY)$/i;

/** Build arguments whose values docker reads from its environment where that can be: /proc shows arguments to everybody. */
function buildArguments({ request, builder, cache, env }: CommandParts): Command {
  const given = Object.entries(request.buildArgs);
  const hidden = given.filter(([name, value]) => canHide(name, value, env));
  const open = given.filter((entry) => !hidden.includes(entry));
  const inherited = [...PROXIES, ...(builder.kind === 'podman' ? [] : ['SOURCE_DATE_EPOCH'])].filter(
    (name) => env[name] !== undefined && request.buildArgs[name] === undefined,
  );
  const inline = builder.kind === 'plain' && cache.kind === 'inline' ? ['BUILDKIT_INLINE_CACHE=1'] : [];
  const args = [
    ...hidden.map(([name]) => name),
    ...open.map(([name, value]) => `${name}=${value}`),
    ...inherited,
    ...inline,
  ];
  return { args: args.map((each) => `--build-arg=${each}`), env: Object.fromEntries(hidden) };
}

function canHide(name: string, value: string, env: Readonly<Record<string, string>>): boolean {
  if (env[name] !== undefined) return env[name] === value;
  return /^[A-Za-z_]\w*$/.test(name) && !RESERVED.test(name) && !value.includes('\0');
}
