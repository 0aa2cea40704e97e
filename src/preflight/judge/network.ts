import { command, projectFlag } from '../../google/commands.ts';
import type { Network } from '../../google/compute.ts';
import type { Project } from '../../google/resource-manager.ts';
import type { AccessFinding } from '../../image/registry/findings.ts';
import type { CheckOf } from '../check.ts';
import { finding } from '../finding.ts';

type Check = CheckOf<'network'>;

/** The peering that private services access makes (vpc/docs/configure-private-services-access). */
const PEERING = 'servicenetworking-googleapis-com';

/** What is wrong with a network; undefined is one that is not there. */
export function judgeNetwork(
  check: Check,
  network: Network | undefined,
  job: Project | undefined,
): readonly AccessFinding[] {
  const { name } = check;
  const [, project = '', , , id = ''] = name.split('/');
  const { flag, hint } = projectFlag(project, job);
  if (network === undefined) {
    const list = command('gcloud compute networks list', flag);
    const message = `names ${name}, and there is no such network. ${list} shows those there are.${hint}`;
    return [finding('error', 'network-missing', check, message)];
  }
  const peering = network.peerings.find((each) => each.name === PEERING);
  if (peering?.state === 'ACTIVE') return [];
  const state = peering === undefined ? 'has no' : `has an inactive (${peering.state || 'unknown'})`;
  const connect = command(
    'gcloud services vpc-peerings connect',
    '--service=servicenetworking.googleapis.com',
    `--network=${id}`,
    '--ranges=RANGE',
    flag,
  );
  const message = `names ${name}, which ${state} peering ${PEERING}: Vertex AI reaches a network by private services access, which has to be set up before. With an allocated RANGE: ${connect}.${hint}`;
  return [finding('warning', 'network-peering', check, message)];
}
