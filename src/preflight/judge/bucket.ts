import { AGENTS, agentMember } from '../../google/accounts.ts';
import { command, grantOnBucket } from '../../google/commands.ts';
import type { Project } from '../../google/resource-manager.ts';
import type { Bucket } from '../../google/storage.ts';
import type { AccessFinding } from '../../image/registry/findings.ts';
import type { BucketUse, CheckOf } from '../check.ts';
import { finding } from '../finding.ts';
import { locationText, type Nearness, nearness } from '../locations.ts';

type Check = CheckOf<'bucket'>;

/** What is wrong with a bucket; undefined is one that is not there. `project` is the job's, where it is known. */
export function judgeBucket(
  check: Check,
  bucket: Bucket | undefined,
  project: Project | undefined,
): readonly AccessFinding[] {
  if (bucket === undefined) return [missing(check)];
  return [...placeFindings(check, bucket), ...ownerFindings(check, bucket, project)];
}

function missing(check: Check): AccessFinding {
  const { bucket, region, project, use } = check;
  const create = command(
    'gcloud storage buckets create',
    `gs://${bucket}`,
    `--location=${region}`,
    `--project=${project}`,
    '--uniform-bucket-level-access',
  );
  const own = use === 'data' ? ' If the program creates it itself, name this rule in ignore.' : '';
  const message = `names gs://${bucket}, and there is no such bucket. Mend the name, or create it: ${create}.${own}`;
  return finding('error', 'bucket-missing', check, message);
}

type Level = AccessFinding['level'] | undefined;

/**
 * How a bucket's place weighs. For TensorBoard's logs the documentation asks for a regional bucket in the job's region
 * (experiments/tensorboard-setup); uploads of models from other buckets have been refused in words that ask for the same
 * (`It must be in the same regional location as the service location`). A program may read from anywhere.
 */
const WEIGHT: Readonly<Record<BucketUse, Readonly<Record<Nearness, Level>>>> = {
  data: { same: undefined, within: undefined, around: 'note', elsewhere: 'warning', unknown: undefined },
  output: { same: undefined, within: undefined, around: 'note', elsewhere: 'warning', unknown: undefined },
  'model-output': { same: undefined, within: 'warning', around: 'warning', elsewhere: 'error', unknown: undefined },
  'tensorboard-output': { same: undefined, within: 'error', around: 'error', elsewhere: 'error', unknown: undefined },
};

function placeFindings(check: Check, bucket: Bucket): AccessFinding[] {
  const near = nearness(bucket, check.region);
  const level = WEIGHT[check.use][near];
  if (level === undefined) return [];
  const where = `names gs://${check.bucket}, which is in ${locationText(bucket)}, and the job runs in ${check.region}.`;
  const mend = `Name a bucket in ${check.region}${near === 'elsewhere' ? ', or run the job where the bucket is' : ''}.`;
  return [finding(level, 'bucket-region', check, `${where} ${whyNot(check.use, near)} ${mend}`)];
}

function whyNot(use: BucketUse, near: Nearness): string {
  if (use === 'tensorboard-output') return "TensorBoard's logs have to be in a regional bucket of the job's region.";
  if (use === 'model-output') return 'Vertex AI is known to refuse models from buckets that are not in its own region.';
  return near === 'around'
    ? 'What is read from a multi-region is charged as a transfer.'
    : 'What is read and written crosses regions: slower, and charged as a transfer.';
}

/** A bucket of another project is allowed, but nobody has a role there by itself. */
function ownerFindings(check: Check, { projectNumber }: Bucket, project: Project | undefined): AccessFinding[] {
  if (projectNumber === undefined || project?.number === undefined || projectNumber === project.number) return [];
  const { bucket, account, use } = check;
  const member = account === undefined ? agentMember(AGENTS.code, project.number) : `serviceAccount:${account}`;
  const role = use === 'data' ? 'roles/storage.objectViewer' : 'roles/storage.objectUser';
  const grant = grantOnBucket(bucket, role, member);
  const message = `names gs://${bucket}, which belongs to project ${projectNumber}, not to ${check.project}. The job runs as ${member}: unless it has a role there, grant it ${role} (or more, where the program needs it): ${grant}.`;
  return [finding('note', 'bucket-project', check, message)];
}
