import type { CustomJobSpec } from '../../../vertex/types.ts';
import type { LogContent } from '../../logging/store.ts';
import { JOB_LABEL, REPLICA_LABEL } from '../engine/labels.ts';
import type { EngineMachine } from '../engine/limits.ts';

type Note = LogContent & { readonly textPayload: string };

const warning = (textPayload: string): Note => ({ severity: 'WARNING', textPayload });
const info = (textPayload: string): Note => ({ severity: 'INFO', textPayload });

function diskNotes({ workerPoolSpecs }: CustomJobSpec, { limitsDisks }: EngineMachine): Note[] {
  const sizes = new Set(workerPoolSpecs.flatMap(({ diskSpec }) => diskSpec?.bootDiskSizeGb ?? []));
  if (limitsDisks || sizes.size === 0) return [];
  return [info(`This engine limits no disk: the job's ${[...sizes].join(' and ')} GB are what this machine has free.`)];
}

function shareNotes({ workerPoolSpecs }: CustomJobSpec): Note[] {
  const folders = workerPoolSpecs.flatMap(({ nfsMounts = [], lustreMounts = [] }) => [
    ...nfsMounts.map(({ mountPoint = '' }) => `/mnt/nfs/${mountPoint}`),
    ...lustreMounts.map(({ mountPoint = '' }) => `/mnt/lustre/${mountPoint}`),
  ]);
  if (folders.length === 0) return [];
  return [warning(`File shares are not mounted here: the program does not find ${[...new Set(folders)].join(', ')}.`)];
}

function shellNotes({ enableWebAccess, enableDashboardAccess }: CustomJobSpec, jobId: string): Note[] {
  if (enableWebAccess !== true && enableDashboardAccess !== true) return [];
  const filters = `--filter label=${JOB_LABEL}=${jobId} --filter label=${REPLICA_LABEL}=workerpool0-0`;
  return [
    info(`There is no web access here. A shell in a running replica: docker exec -it $(docker ps -q ${filters}) sh`),
  ];
}

function tpuNotes({ workerPoolSpecs }: CustomJobSpec): Note[] {
  const hasTpu = workerPoolSpecs.some(
    ({ machineSpec: { acceleratorType = '', tpuTopology } = {} }) =>
      acceleratorType.startsWith('TPU_') || tpuTopology !== undefined,
  );
  return hasTpu ? [warning('There are no TPUs here: the job runs without.')] : [];
}

/**
 * What a job asks for that its containers do not get here, for its log. GPUs are not among it: those are asked for by the
 * job's own course.
 */
export function absences(spec: CustomJobSpec, jobId: string, machine: EngineMachine): Note[] {
  return [...tpuNotes(spec), ...diskNotes(spec, machine), ...shareNotes(spec), ...shellNotes(spec, jobId)];
}
