import type { ArtifactName } from '../../plan/image-name.ts';

/** The role that lets push. */
export const WRITER = 'roles/artifactregistry.writer';
/** The role that lets pull. */
export const READER = 'roles/artifactregistry.reader';

/** A repository's resource name. */
export const resourceName = ({ project, location, repository }: ArtifactName) =>
  `projects/${project}/locations/${location}/repositories/${repository}`;

const placeOf = ({ project, location }: ArtifactName) => `--location=${location} --project=${project}`;

/** A command between backquotes, so that it ends where it ends. */
const quoted = (command: string) => `\`${command}\``;

export const createCommand = (name: ArtifactName) =>
  quoted(`gcloud artifacts repositories create ${name.repository} --repository-format=docker ${placeOf(name)}`);

/** `member` as IAM writes it, such as `serviceAccount:NAME@PROJECT.iam.gserviceaccount.com`. */
export const grantCommand = (name: ArtifactName, role: string, member = 'MEMBER') =>
  quoted(
    `gcloud artifacts repositories add-iam-policy-binding ${name.repository} ${placeOf(name)} --role=${role} --member=${member}`,
  );

export const enableCommand = (project: string) =>
  quoted(`gcloud services enable artifactregistry.googleapis.com --project=${project}`);
