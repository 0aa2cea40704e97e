import { idOf, type Job, locationOf } from '../vertex/jobs.ts';

/** Pages of Google's about a job; undefined where there is none. */
export interface Links {
  readonly console: string | undefined;
  readonly logs: string | undefined;
  readonly tensorboard: string | undefined;
  /** The folder in Cloud Storage that the job writes to. */
  readonly output: string | undefined;
}

/** What a service on this machine has: no page of Google's tells of its jobs. */
export const NO_LINKS: Links = { console: undefined, logs: undefined, tensorboard: undefined, output: undefined };

/** The pages of a job in the project that it runs in. */
export function linksOf({ name, backing, spec }: Pick<Job, 'name' | 'backing' | 'spec'>, projectId: string): Links {
  const ran = backing ?? name;
  return {
    console: consoleUrl(name, projectId),
    logs: logsUrl(ran, projectId),
    tensorboard: spec?.tensorboard === undefined ? undefined : tensorboardUrl(spec.tensorboard, ran),
    output: spec?.outputUri === undefined ? undefined : folderUrl(spec.outputUri, projectId),
  };
}

const CONSOLE = 'https://console.cloud.google.com';

/** The page of a job, by its name, in Google Cloud's console. */
export function consoleUrl(name: string, projectId: string): string {
  const page = `${encodeURIComponent(locationOf(name))}/training/${encodeURIComponent(idOf(name))}`;
  return `${CONSOLE}/ai/platform/locations/${page}?project=${encodeURIComponent(projectId)}`;
}

/** The job's entries in the Logs Explorer: those of a pipeline are its job's. */
function logsUrl(name: string, projectId: string): string {
  const query = `resource.type="ml_job"\nresource.labels.job_id="${idOf(name)}"`;
  return `${CONSOLE}/logs/query;query=${encoded(query)}?project=${encodeURIComponent(projectId)}`;
}

/** Where Vertex AI TensorBoard shows what the job writes: as the Python SDK names it (console_utils.py). */
function tensorboardUrl(tensorboard: string, job: string): string | undefined {
  if (!/^projects\/[^/]+\/locations\/[a-z0-9-]+\/tensorboards\/[^/]+$/.test(tensorboard)) return undefined;
  const experiment = `${tensorboard}/experiments/${idOf(job)}`.split('/').map(encoded).join('+');
  return `https://${locationOf(tensorboard)}.tensorboard.googleusercontent.com/experiment/${experiment}`;
}

function folderUrl(uri: string, projectId: string): string | undefined {
  const path = /^gs:\/\/(.+)$/.exec(uri)?.[1];
  if (path === undefined) return undefined;
  return `${CONSOLE}/storage/browser/${path.split('/').map(encoded).join('/')}?project=${encodeURIComponent(projectId)}`;
}

/** Parentheses end a link in Markdown, and are not encoded otherwise. */
const encoded = (text: string) =>
  encodeURIComponent(text).replace(/[()'*!]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
