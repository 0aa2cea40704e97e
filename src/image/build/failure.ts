import { DISK_MEND } from './disk.ts';
import type { Progress } from './progress.ts';

/** What a failed docker command is worth: a new login, another attempt, a build without its cache's export, or nothing. */
export type Failure = 'login' | 'transient' | 'cache' | 'final';

/** What registries and their token services say to a login that is not, or no longer, good. */
const LOGIN =
  /\bunauthorized\b|\b401\b|authentication required|\bunauthenticated\b|no basic auth credentials|\bdenied\b|\b403 Forbidden\b|failed to fetch (?:oauth|anonymous) token|invalid_token|UNAUTHORIZED|DENIED/i;

/** What a connection or a registry that is away for a moment looks like, in Docker's, BuildKit's and podman's words. */
const TRANSIENT =
  /\bEOF\b|connection re(?:set|fused)|broken pipe|i\/o timeout|TLS handshake timeout|use of closed network connection|server closed|\bGOAWAY\b|context deadline exceeded|request canceled|temporary failure in name resolution|(?:status|status code|statuscode)(?: from [A-Z]+ request to \S+)?[: ]+"?(?:429|5\d\d)\b|\b(?:500 Internal Server Error|502 Bad Gateway|503 Service Unavailable|504 Gateway Timeout|429 Too Many Requests)\b|toomanyrequests|blob upload (?:unknown|invalid)/i;

/** An engine that does not answer: no registry's fault, and no second attempt mends it. */
const ENGINE_AWAY = /cannot connect to the docker daemon|is the docker daemon running/i;

/** What went wrong in `docker push`. */
export function judgePush({ tail }: Progress): Failure {
  // Layers are told by id: "5f70bf18a086: Pushed".
  return judgeText(tail.filter((line) => !/^[0-9a-f]{12}: /.test(line)).join('\n'));
}

/** What went wrong in a command that builds and, with some builders, pushes and exports a cache too. */
export function judgeBuild(progress: Progress): Failure {
  const title = progress.failedTitle ?? '';
  if (/^exporting cache\b/.test(title)) return 'cache';
  // BuildKit pushes in the step that exports the image; other steps' words are the build's own.
  return /^(?:exporting to image|pushing )/.test(title) ? judgeText(progress.errorLines().join('\n')) : 'final';
}

function judgeText(text: string): Failure {
  if (ENGINE_AWAY.test(text)) return 'final';
  if (TRANSIENT.test(text) && !/\b401\b/.test(text)) return 'transient';
  return LOGIN.test(text) ? 'login' : 'final';
}

interface Hint {
  readonly pattern: RegExp;
  /** What mends it, from the pattern's match. */
  readonly mend: (found: RegExpExecArray) => string;
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
    mend: ([, path = '', podmans = path]) =>
      `${podmans} is not in the build context: check its spelling, the context input and .dockerignore.`,
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

/** What mends a failure whose lines leave no doubt of its cause. */
export function hintFor(lines: readonly string[]): string | undefined {
  const text = lines.join('\n');
  for (const { pattern, mend } of HINTS) {
    const found = pattern.exec(text);
    if (found !== null) return mend(found);
  }
  return undefined;
}
