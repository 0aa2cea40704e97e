import { resolve } from 'node:path/posix';
import { DISK_MEND } from './disk.ts';
import { engineMend } from './engine-away.ts';
import type { Progress } from './progress.ts';

type Env = Readonly<Record<string, string | undefined>>;

interface Hint {
  readonly pattern: RegExp;
  /** What mends it, from the pattern's match. */
  readonly mend: (found: RegExpExecArray, progress: Progress, env: Env) => string;
}

/** Causes that their words leave no doubt of. */
const HINTS: readonly Hint[] = [
  { pattern: /no space left on device/i, mend: () => `The disk is full. ${DISK_MEND}` },
  {
    pattern: /exec format error/i,
    mend: () =>
      'A program of another platform was started: the base image or a downloaded program is not for the platform that is built, or the builder does not emulate it. Run docker/setup-qemu-action before this step, or use a runner of that platform.',
  },
  {
    pattern: /toomanyrequests|reached your (?:unauthenticated )?pull rate limit/i,
    mend: () =>
      'Docker Hub allows few pulls without a login. Run docker/login-action for docker.io before this step, or take the base image from a mirror such as mirror.gcr.io.',
  },
  {
    // BuildKit's words, old and new, and podman's.
    pattern:
      /(?:failed to (?:compute cache key|calculate checksum of ref)\b.*?"([^"]+)"(?:: | )not found|copier: stat: "([^"]+)": no such file)/i,
    mend: ([, path = '', podmans = path], progress) => missingMend(podmans, progress),
  },
  {
    pattern:
      /(?:failed to solve|create LLB definition): ([\w.:/@-]+): .*?(?:not found|manifest unknown|pull access denied|insufficient_scope|unauthorized|403 Forbidden)|initializing source docker:\/\/([\w.:/@-]+): .*?(?:manifest unknown|unauthorized|access to the resource is denied)/i,
    mend: ([, image = '', podmans = image]) =>
      `The base image ${podmans} cannot be pulled: check its name and tag, and sign in to its registry before this step (docker/login-action) if it is private.`,
  },
  {
    pattern: /No matching distribution found for (\S+)/,
    mend: ([, requirement = '']) =>
      `pip finds no ${requirement} for this base image's Python and platform: check the version, and that it has wheels for that Python.`,
  },
  {
    pattern:
      /(?:did not complete successfully: exit code: |executor failed running .*exit code: |while running runtime: exit status )137\b/,
    mend: () => 'The program was killed, most often because memory ran out: use a larger runner, or less parallelism.',
  },
];

/** The step that failed, as it stands in the Dockerfile: BuildKit's step, or podman's. */
function failedInstruction({ failedTitle, tail }: Progress): string {
  const podmans = tail.map((line) => /\bbuilding at STEP "(.*?)": /.exec(line)?.[1]).findLast(Boolean);
  return podmans ?? failedTitle?.replace(/^\[[^\]]*\] /, '') ?? '';
}

function missingMend(path: string, progress: Progress): string {
  const from = takenFrom(failedInstruction(progress), path);
  return from === undefined
    ? `${path} is not in the build context: check its spelling, the context input and .dockerignore.`
    : `${path} is not in the image or stage ${from}, which the step takes it from: check its spelling, and what is there.`;
}

/** The image or stage that an instruction takes a path from: COPY by --from, RUN by a mount of that source. */
function takenFrom(instruction: string, path: string): string | undefined {
  const options = /^\w+((?:\s+--\S+)*)/.exec(instruction)?.[1]?.trim().split(/\s+/) ?? [];
  const copied = options.find((option) => option.startsWith('--from='));
  if (copied !== undefined) return copied.slice('--from='.length);
  const mounts = options
    .filter((option) => option.startsWith('--mount='))
    .map((option) => new Map(option.slice('--mount='.length).split(',').map(keyAndValue)));
  return mounts.find((mount) => samePath(mount.get('source') ?? mount.get('src') ?? '/', path))?.get('from');
}

function keyAndValue(field: string): [string, string] {
  const [key = '', ...value] = field.split('=');
  return [key, value.join('=')];
}

const samePath = (one: string, other: string) => resolve('/', one) === resolve('/', other);

/** What mends a failure whose lines leave no doubt of its cause; `env` is what docker was started with. */
export function hintFor(progress: Progress, env: Env): string | undefined {
  const text = progress.tail.join('\n');
  for (const { pattern, mend } of HINTS) {
    const found = pattern.exec(text);
    if (found !== null) return mend(found, progress, env);
  }
  return engineMend(progress.tail, env);
}
