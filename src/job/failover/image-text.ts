/** The repository that a message names; its parts are of the characters that Artifact Registry allows. */
const REPOSITORY = /projects\/([a-z0-9.:-]+)\/locations\/([a-z0-9-]+)\/repositories\/([a-z0-9-]+)/;
const AGENT = /service-\d+@gcp-sa-[a-z-]+\.iam\.gserviceaccount\.com/;

/** Why the image cannot be pulled, and the mend: a custom service account is never the one that pulls (custom-service-account). */
export function imageText(text: string): string {
  const [, project, location, repository] = REPOSITORY.exec(text) ?? [];
  if (project === undefined || location === undefined || repository === undefined) {
    return `${text} Check that the image exists and that the service agents of Vertex AI in this project may pull it.`;
  }
  const agent = AGENT.exec(text)?.[0] ?? 'AGENT';
  const place = `${repository} --location=${location} --project=${project}`;
  return [
    text,
    'The same is said of a repository that does not exist:',
    `\`gcloud artifacts repositories describe ${place}\` tells.`,
    `If it exists, let the agent pull: \`gcloud artifacts repositories add-iam-policy-binding ${place} --role=roles/artifactregistry.reader --member=serviceAccount:${agent}\`.`,
  ].join(' ');
}
