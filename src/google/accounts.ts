/** The project of a service account's address, by its id or number; undefined where the address does not tell. */
export function accountProject(account: string): string | undefined {
  const [, name = '', host = ''] = /^([^@]+)@([^@]+)$/.exec(account) ?? [];
  if (host === 'appspot.gserviceaccount.com') return name;
  if (host === 'developer.gserviceaccount.com') return /^(\d+)-compute$/.exec(name)?.[1];
  const place = /^(.+)\.iam\.gserviceaccount\.com$/.exec(host)?.[1];
  if (place === undefined) return undefined;
  // The project example.com:my-project is written the other way round here.
  const [id = '', ...domain] = place.split('.');
  return domain.length === 0 ? id : `${domain.join('.')}:${id}`;
}

/** The account's resource name. Without its project a missing account looks like one that may not be seen. */
export const accountName = (account: string) => `projects/${accountProject(account) ?? '-'}/serviceAccounts/${account}`;

/** The services that act for Vertex AI in a project: the first is a job's own identity where it names none. */
export const AGENTS = { code: 'gcp-sa-aiplatform-cc', platform: 'gcp-sa-aiplatform' } as const;

/** An agent of Vertex AI as IAM writes it; a word in capitals stands for a number that is not known. */
export const agentMember = (agent: string, projectNumber: string | undefined) =>
  `serviceAccount:service-${projectNumber ?? 'PROJECT_NUMBER'}@${agent}.iam.gserviceaccount.com`;
