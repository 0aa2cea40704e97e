import { UserError } from '../faults.ts';
import { AGENTS, agentMember } from '../google/accounts.ts';
import { serviceWords } from '../google/api-error.ts';
import { grantOnBucket, grantOnProject } from '../google/commands.ts';
import { locationOf } from '../vertex/jobs.ts';
import type { RegisterOptions } from './options.ts';
import { uploadText } from './version.ts';

type About = Pick<RegisterOptions, 'upload' | 'artifactUri' | 'job'>;
type Mend = (about: About, words: string) => string;

/**
 * What mends a refusal, by the service's words as users quoted them (googleapis/python-aiplatform 885,
 * GoogleCloudPlatform/vertex-ai-samples 19 and 3710) and its documents; the more telling before those they stand beside.
 */
const MENDS: readonly (readonly [RegExp, Mend])[] = [
  [/regional location|must be in the same region/i, (about) => bucketElsewhere(about)],
  [/storage\.objects|gs:\/\/\S+.{0,80}(?:permission|denied|access)|access.{0,80}gs:\/\//is, bucketClosed],
  [/Permission '?aiplatform\.models\.\w+'? denied/i, (about) => callerDenied(about)],
  [/artifact|\bgs:\/\/|empty|no (?:files|objects)|model (?:file|director)/i, (about) => noFiles(about)],
  [/image|container|artifactregistry/i, ({ upload }) => imageMend(upload.containerSpec.imageUri)],
  [/alias/i, () => 'Mend model_aliases.'],
  [/quota|exceed/i, ({ upload }) => `See the quotas of Vertex AI for models in ${locationOf(`/${upload.parent}`)}.`],
];

/** The upload came to nothing, and asking again would not help; with what does, where the service's words tell. */
export function uploadError(about: About, message: string, options?: ErrorOptions): UserError {
  const words = serviceWords(message);
  const mend = MENDS.find(([pattern]) => pattern.test(words))?.[1](about, words);
  const told = `Vertex AI did not upload ${uploadText(about)}: ${words === '' ? 'it does not say why' : words}`;
  return new UserError(`${told.replace(/[.\s]+$/, '')}.${mend === undefined ? '' : ` ${mend}`}`, options);
}

const bucketOf = (uri: string) => /^gs:\/\/([^/]+)/.exec(uri)?.[1] ?? 'BUCKET';

function bucketElsewhere({ upload, artifactUri }: About): string {
  return `Give an output_uri in a regional bucket of ${locationOf(`/${upload.parent}`)}, not in gs://${bucketOf(artifactUri)}.`;
}

/** Vertex AI's own agent reads the files, whoever uploads them and whoever wrote them (UploadModelRequest.service_account). */
function bucketClosed({ artifactUri, job }: About, words: string): string {
  const number = /service-(\d+)@gcp-sa-aiplatform\./.exec(words)?.[1] ?? /^projects\/(\d+)\//.exec(job.name)?.[1];
  const member = agentMember(AGENTS.platform, number);
  const grant = grantOnBucket(bucketOf(artifactUri), 'roles/storage.objectViewer', member);
  return `Vertex AI's service agent reads the files: grant it roles/storage.objectViewer on the bucket: ${grant}.`;
}

function callerDenied({ upload }: About): string {
  const project = upload.parent.split('/')[1] ?? '';
  return `Grant the identity of this step roles/aiplatform.user: ${grantOnProject(project, 'roles/aiplatform.user', 'MEMBER')}.`;
}

function noFiles({ artifactUri }: About): string {
  return `See that the program writes its model to AIP_MODEL_DIR, which is ${artifactUri}, in the form that serving_image takes.`;
}

const imageMend = (image: string) =>
  `See that serving_image ${image} is there, and that Vertex AI's service agent may pull it.`;
