import type { ModelsApi, ModelVersion, UploadRequest } from '../google/models.ts';
import { JOB_LABEL, KEY_LABEL, versionLabels } from '../plan/labels.ts';
import { modelName } from '../plan/model/upload.ts';
import { idOf } from '../vertex/jobs.ts';
import type { RegisterOptions } from './options.ts';

type Wanted = Pick<RegisterOptions, 'upload' | 'artifactUri' | 'job'>;

/** What is asked of `models:upload`; an existing model gets its next version. */
export function uploadRequest({ upload, artifactUri, job }: Wanted, exists: boolean): UploadRequest {
  const { displayName, description, containerSpec, labels, aliases, kmsKey } = upload;
  return {
    ...(exists ? { parentModel: modelName(upload) } : { modelId: upload.modelId }),
    model: {
      displayName,
      versionDescription: description,
      containerSpec,
      artifactUri,
      labels: versionLabels(labels, idOf(job.name)),
      ...(aliases.length === 0 ? {} : { versionAliases: aliases }),
      ...(kmsKey === undefined ? {} : { encryptionSpec: { kmsKeyName: kmsKey } }),
    },
  };
}

/** The versions of the model that were made of the job's folder, oldest first. */
export async function versionsOfJob(
  api: Pick<ModelsApi, 'versions'>,
  wanted: Wanted,
): Promise<readonly ModelVersion[]> {
  const filter = `labels.${JOB_LABEL}="${idOf(wanted.job.name)}"`;
  const listed = await api.versions(modelName(wanted.upload), filter);
  return listed.filter((version) => isOfJob(version, wanted)).sort(byAge);
}

/** Whether a version is the job's. Labels alone do not tell: the service shows a version those of its model too. */
function isOfJob({ labels, artifactUri }: ModelVersion, { upload, artifactUri: ours, job }: Wanted): boolean {
  const sameFolder = artifactUri === undefined || folderOf(artifactUri) === folderOf(ours);
  return sameFolder && labels[JOB_LABEL] === idOf(job.name) && labels[KEY_LABEL] === upload.labels[KEY_LABEL];
}

const folderOf = (uri: string) => uri.replace(/\/+$/, '');

/** Versions are numbered in the order of their making (model.proto). */
const byAge = (a: ModelVersion, b: ModelVersion) => Number(a.version) - Number(b.version);

/** `ID@VERSION`, as people name it. */
export const versionText = ({ name, version }: Pick<ModelVersion, 'name' | 'version'>) => `${idOf(name)}@${version}`;

/** What the upload is called in a message. */
export const uploadText = ({ upload, artifactUri }: Pick<Wanted, 'upload' | 'artifactUri'>) =>
  `${artifactUri} as a version of ${modelName(upload)}`;
