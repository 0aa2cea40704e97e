import { accountName } from './accounts.ts';
import type { Project } from './resource-manager.ts';

/**
 * A word of a command line, the same for every POSIX shell that knows `$'…'` (bash, zsh, ksh). Whatever is no plain character
 * is quoted; what would break the line, or the backquotes around the command, is written as an escape.
 */
export function shellWord(text: string): string {
  if (/^[\w@%+=:,./-]+$/.test(text)) return text;
  // Printable ASCII but the quote, the backslash and the backquote.
  if (/^[ -&(-[\]-_a-~]*$/.test(text)) return `'${text}'`;
  const bytes = [...new TextEncoder().encode(text)];
  const written = bytes.map((byte) =>
    byte >= 0x20 && byte < 0x7f && ![0x27, 0x5c, 0x60].includes(byte)
      ? String.fromCharCode(byte)
      : `\\${byte.toString(8).padStart(3, '0')}`,
  );
  return `$'${written.join('')}'`;
}

/** A command on one line between backquotes; `program` as it is, each of `words` as one word of a shell. */
export function command(program: string, ...words: readonly string[]): string {
  return `\`${[program, ...words.map(shellWord)].join(' ')}\``;
}

/** Grants a role on a project. Without the condition gcloud asks for one where the policy has any. */
export const grantOnProject = (project: string, role: string, member: string) =>
  command(
    'gcloud projects add-iam-policy-binding',
    project,
    `--role=${role}`,
    `--member=${member}`,
    '--condition=None',
  );

/** Grants a role on a service account: by its whole name, as `--project` takes no number. */
export const grantOnAccount = (account: string, role: string, member: string) =>
  command(
    'gcloud iam service-accounts add-iam-policy-binding',
    accountName(account),
    `--role=${role}`,
    `--member=${member}`,
    '--condition=None',
  );

/** Grants a role on a bucket. */
export const grantOnBucket = (bucket: string, role: string, member: string) =>
  command(
    'gcloud storage buckets add-iam-policy-binding',
    `gs://${bucket}`,
    `--role=${role}`,
    `--member=${member}`,
    '--condition=None',
  );

/** Grants a role on a key, by its full resource name. */
export const grantOnKey = (key: string, role: string, member: string) =>
  command('gcloud kms keys add-iam-policy-binding', key, `--role=${role}`, `--member=${member}`, '--condition=None');

/** Enables an API of Google's, such as `aiplatform.googleapis.com`. */
export const enableCommand = (service: string, project: string) =>
  command('gcloud services enable', service, `--project=${project}`);

/** `--project`, which most commands of gcloud's take by id alone, and how to find the id where only the number is known. */
export function projectFlag(
  project: string,
  known: Project | undefined,
): { readonly flag: string; readonly hint: string } {
  if (!/^\d+$/.test(project)) return { flag: `--project=${project}`, hint: '' };
  if (known?.id !== undefined && known.number === project) return { flag: `--project=${known.id}`, hint: '' };
  const find = command('gcloud projects describe', project, '--format=value(projectId)');
  return { flag: '--project=PROJECT_ID', hint: ` PROJECT_ID is told by ${find}.` };
}
