import type { MachineSpec } from '../vertex/types.ts';
import { type Asking, sourceAt } from './asking.ts';
import type { PreflightCheck } from './check.ts';

/** What else the job refers to by name. */
export function resourceChecks(asking: Asking): PreflightCheck[] {
  const { plan, caller } = asking;
  const { tensorboard, persistentResourceId, network } = plan.draft.spec;
  const { region } = plan.draft;
  const checks: PreflightCheck[] = [];
  const common = (path: string, question: string) => ({ source: sourceAt(plan.origins, path), caller, question });
  if (tensorboard !== undefined) {
    const question = `Is there a TensorBoard instance ${tensorboard}, in ${region} as the job is?`;
    checks.push({ kind: 'tensorboard', name: tensorboard, region, ...common('spec.tensorboard', question) });
  }
  if (persistentResourceId !== undefined) {
    const name = `${plan.job.parent}/persistentResources/${persistentResourceId}`;
    const question = `Is there a persistent resource ${name}, ready for the job's machines?`;
    const machines = machinesOf(asking);
    checks.push({
      kind: 'persistent-resource',
      name,
      region,
      machines,
      ...common('spec.persistentResourceId', question),
    });
  }
  if (network !== undefined) {
    const question = `Is there a network ${network}, peered for Google's services?`;
    checks.push({ kind: 'network', name: network, ...common('spec.network', question) });
  }
  return [...checks, ...keyChecks(asking)];
}

function keyChecks({ plan, inputs, caller }: Asking): PreflightCheck[] {
  const name = plan.job.resource.encryptionSpec?.kmsKeyName;
  if (name === undefined) return [];
  const { region } = plan.draft;
  // A tuning config has it beside the study.
  const given = sourceAt(plan.origins, 'encryptionSpec');
  const source = given.input === undefined ? sourceAt(plan.origins, 'study.encryptionSpec') : given;
  const question = `Is there a key ${name}, in ${region} as the job is, that Vertex AI may use?`;
  return [{ kind: 'kms-key', name, region, project: inputs.projectId, source, caller, question }];
}

function machinesOf({ plan }: Asking): readonly MachineSpec[] {
  const machines = plan.draft.spec.workerPoolSpecs.flatMap(({ machineSpec }) => machineSpec ?? []);
  return machines.filter((one, index) => index === machines.findIndex((each) => isSameMachine(each, one)));
}

const isSameMachine = (one: MachineSpec, other: MachineSpec) =>
  one.machineType === other.machineType &&
  one.acceleratorType === other.acceleratorType &&
  (one.acceleratorCount ?? 0) === (other.acceleratorCount ?? 0);

/** The model that is uploaded, by whomever: an existing one gets a new version. */
export function modelChecks({ plan, caller }: Asking): PreflightCheck[] {
  return plan.checks.flatMap(({ kind, subject: name, question }): PreflightCheck[] =>
    kind === 'model-version'
      ? [{ kind: 'model', name, region: plan.draft.region, source: { input: 'model' }, caller, question }]
      : [],
  );
}
