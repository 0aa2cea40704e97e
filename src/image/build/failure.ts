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
