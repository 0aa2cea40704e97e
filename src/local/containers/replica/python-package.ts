import type { ContainerSpec, PythonPackageSpec, WorkerPoolSpec } from '../../../vertex/types.ts';

const NOT_THERE =
  'is not in the local Cloud Storage. Upload it to the service that runs this job; one that a step starts for itself ' +
  'begins empty, so name a standing one in CLOUDSDK_API_ENDPOINT_OVERRIDES_AIPLATFORM.';

/**
 * What runs in the executor image, as the runner of Google's own images does it by its log lines: each package is fetched
 * and installed, first it alone and then what it depends on, and a failed installation is tried a second time; then the
 * module runs. A package comes from the folder that is the bucket, not through gsutil. The second try builds with the
 * tools that the image has, so that a package without dependencies needs no network. The module takes the shell's place:
 * it gets the signals, and its exit code is the container's. Arguments: the module, the number of packages, the
 * packages' URIs, the module's own arguments.
 */
const RUNNER = [
  'module=$1',
  'left=$2',
  'shift 2',
  'say() { printf "%s\\n" "$*"; }',
  'run() { say "Running command: $*"; "$@"; }',
  'install() {',
  '  run pip3 install "$@" --user --upgrade --force-reinstall --no-deps "$file" && run pip3 install "$@" --user "$file"',
  '}',
  'say "Running module $module."',
  'folder=/tmp/packages',
  'mkdir -p "$folder" || exit 1',
  'while [ "$left" -gt 0 ]; do',
  '  uri=$1',
  '  shift',
  '  left=$((left - 1))',
  '  file=$folder/$(basename "$uri")',
  '  say "Downloading the package: $uri"',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's, not a template's.
  '  if ! run cp "/gcs/${uri#gs://}" "$file"; then',
  `    say "$uri ${NOT_THERE}" >&2`,
  '    exit 1',
  '  fi',
  '  say "Installing the package: $uri"',
  '  if ! install; then',
  '    say "Installation of package failed on try 1/2. Retrying with the build tools of the image." >&2',
  '    install --no-build-isolation || exit 1',
  '  fi',
  'done',
  'say "Running command: python3 -m $module $*"',
  'exec python3 -m "$module" "$@"',
].join('\n');

function packageContainer(spec: PythonPackageSpec): ContainerSpec {
  const { executorImageUri = '', packageUris = [], pythonModule = '', args = [], env = [] } = spec;
  return {
    imageUri: executorImageUri,
    command: ['sh', '-c', RUNNER, 'run_module'],
    args: [pythonModule, String(packageUris.length), ...packageUris, ...args],
    env,
  };
}

/**
 * What the replicas of a pool run: its container, or the one that installs and runs its Python package. Undefined for
 * an empty pool.
 */
export function containerOf({ containerSpec, pythonPackageSpec }: WorkerPoolSpec): ContainerSpec | undefined {
  return pythonPackageSpec === undefined ? containerSpec : packageContainer(pythonPackageSpec);
}

/**
 * The job as CLUSTER_SPEC and TF_CONFIG hold it: JSON text under the old product's names, empty for a container
 * (observed in logs of the service).
 */
export function jobText(pool: WorkerPoolSpec | undefined): string {
  const { pythonModule = '', packageUris = [], args = [] } = pool?.pythonPackageSpec ?? {};
  return JSON.stringify({ python_module: pythonModule, package_uris: packageUris, job_args: args });
}
