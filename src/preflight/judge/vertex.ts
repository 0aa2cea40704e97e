import { command, projectFlag } from '../../google/commands.ts';
import type { Project } from '../../google/resource-manager.ts';
import type { PersistentResource, ResourceMachine } from '../../google/vertex-resources.ts';
import type { AccessFinding } from '../../image/registry/findings.ts';
import type { MachineSpec } from '../../vertex/types.ts';
import type { CheckOf } from '../check.ts';
import { finding } from '../finding.ts';

type Tensorboard = CheckOf<'tensorboard'>;

const placeOf = ({ name }: Tensorboard) => name.split('/')[3] ?? '';

/** An instance elsewhere need not be asked for: the job could not use it (experiments/tensorboard-setup). */
export const isElsewhere = (check: Tensorboard) => placeOf(check) !== check.region;

export function tensorboardElsewhere(check: Tensorboard, project: Project | undefined): AccessFinding {
  const { name, region } = check;
  const message = `names ${name}, which is in ${placeOf(check)}, and the job runs in ${region}. Both have to be in one region: ${tensorboards(check, project)}`;
  return finding('error', 'tensorboard-region', check, message);
}

export function tensorboardMissing(check: Tensorboard, project: Project | undefined): AccessFinding {
  const message = `names ${check.name}, and there is no such TensorBoard instance: ${tensorboards(check, project)}`;
  return finding('error', 'tensorboard-missing', check, message);
}

/** Commands that show and make instances in the job's region. */
function tensorboards({ name, region }: Tensorboard, project: Project | undefined): string {
  const { flag, hint } = projectFlag(name.split('/')[1] ?? '', project);
  const place = [`--region=${region}`, flag];
  const list = command('gcloud ai tensorboards list', ...place);
  return `${list} shows those in ${region}, and ${command('gcloud ai tensorboards create', '--display-name=training', ...place)} makes one.${hint}`;
}

type Persistent = CheckOf<'persistent-resource'>;

/** What is wrong with a persistent resource; undefined is one that is not there. */
export function judgePersistentResource(
  check: Persistent,
  resource: PersistentResource | undefined,
  project: Project | undefined,
): readonly AccessFinding[] {
  const { name, region } = check;
  const owner = name.split('/')[1] ?? '';
  if (resource === undefined) {
    const { flag, hint } = projectFlag(owner, project);
    const list = command('gcloud ai persistent-resources list', `--region=${region}`, flag);
    const message = `names ${name}, and there is no such persistent resource. ${list} shows those there are.${hint}`;
    return [finding('error', 'persistent-resource-missing', check, message)];
  }
  return [...stateFindings(check, resource), ...machineFindings(check, resource)];
}

function stateFindings(check: Persistent, { state }: PersistentResource): AccessFinding[] {
  if (state === undefined || state === 'RUNNING') return [];
  const ended = state === 'ERROR' || state === 'STOPPING';
  const message = `names ${check.name}, which is in state ${state}: ${ended ? 'no job runs there any more' : 'a job may be refused before it is RUNNING'}.`;
  return [finding(ended ? 'error' : 'warning', 'persistent-resource-state', check, message)];
}

/** A job's machine has to be one of the resource's pools (training/persistent-resource-train). */
function machineFindings(check: Persistent, { machines }: PersistentResource): AccessFinding[] {
  if (machines.length === 0) return [];
  const missing = check.machines.filter((asked) => !machines.some((machine) => isSame(asked, machine)));
  if (missing.length === 0) return [];
  const has = [...new Set(machines.map(machineText))].join('; ');
  const message = `names ${check.name}, which has no pool of ${missing.map(machineText).join('; ')}. It has ${has}.`;
  return [finding('error', 'persistent-resource-machine', check, message)];
}

/** What the job leaves open is as the resource has it. */
function isSame(asked: MachineSpec, machine: ResourceMachine): boolean {
  if (asked.machineType !== undefined && asked.machineType !== machine.machineType) return false;
  return asked.acceleratorType === undefined
    ? asked.machineType === undefined || machine.acceleratorCount === 0
    : asked.acceleratorType === machine.acceleratorType && (asked.acceleratorCount ?? 0) === machine.acceleratorCount;
}

function machineText({ machineType, acceleratorType, acceleratorCount }: MachineSpec | ResourceMachine): string {
  const accelerators = acceleratorType === undefined ? '' : ` with ${acceleratorCount ?? 0} ${acceleratorType}`;
  return `${machineType ?? 'any machine'}${accelerators}`;
}
