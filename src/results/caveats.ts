import { collectionOf, hasEnded, type Job } from '../vertex/jobs.ts';

type Told = Pick<Job, 'name' | 'state' | 'startTime' | 'trials' | 'study' | 'spec'>;

interface Counted {
  /** Of running, before machines are counted. */
  readonly hours: number;
  /** Whether money was computed. */
  readonly priced: boolean;
}

/** A sentence that the figures need, and when they do. */
interface Note {
  readonly text: string;
  readonly applies: (job: Told, counted: Counted) => boolean;
}

const used = (_: Told, { hours }: Counted) => hours > 0;
const isPipelineOfOneJob = ({ name, study }: Told) => collectionOf(name) === 'trainingPipelines' && study === undefined;
const strategyOf = ({ spec }: Told) => spec?.strategy;
const machineTypes = ({ spec }: Told) =>
  new Set(
    (spec?.pools ?? []).flatMap(({ machineSpec, replicaCount }) =>
      machineSpec && replicaCount !== '0' ? JSON.stringify(machineSpec) : [],
    ),
  );

/** In the order in which they are told (Vertex AI's rules of billing: pricing, use-spot-vms, schedule-jobs-dws, persistent-resource-overview). */
const NOTES: readonly Note[] = [
  {
    text: 'The job does not tell what machines it has, so that hours of machines are not known.',
    applies: ({ spec }) => (spec?.pools ?? []).length === 0,
  },
  { text: 'The job still runs: what it has used so far is counted.', applies: (job) => !hasEnded(job) },
  {
    text: 'Trials that have run without a start time are not counted.',
    applies: ({ trials }) =>
      trials.some(
        ({ state, startTime }) => startTime === undefined && state !== 'REQUESTED' && state !== 'STATE_UNSPECIFIED',
      ),
  },
  {
    text: "The times are the pipeline's: they hold the wait for machines and the upload of the model too.",
    applies: (job, counted) => isPipelineOfOneJob(job) && used(job, counted),
  },
  {
    text: 'Where Vertex AI restarted or repeated the program, the wait for new machines counts as running.',
    applies: used,
  },
  {
    text: 'Spot machines are not billed while they are taken away; these times do not tell when they were.',
    applies: (job, counted) => ['SPOT', 'LOW_COST'].includes(strategyOf(job) ?? '') && used(job, counted),
  },
  {
    text: 'The management fee of FLEX_START is not counted, unless hourly_price holds it.',
    applies: (job, { priced }) => strategyOf(job) === 'FLEX_START' && priced,
  },
  {
    text: 'The job ran on a persistent resource, which is billed for as long as it stands and not by the job.',
    applies: ({ spec }) => spec?.persistentResource !== undefined,
  },
  {
    text: 'Machines of several kinds are all counted at the one hourly_price.',
    applies: (job, { priced }) => priced && machineTypes(job).size > 1,
  },
  {
    text: 'The service may not bill a job that failed for a reason other than its cancellation.',
    applies: ({ state }, { priced }) => priced && (state === 'FAILED' || state === 'EXPIRED'),
  },
  {
    text: 'Boot disks, Cloud Storage, the registry, log volume and network traffic are not counted.',
    applies: (_, { priced }) => priced,
  },
];

/** What the figures of a job's usage leave out or cannot tell apart, a sentence each. */
export function caveatsOf(job: Told, counted: Counted): readonly string[] {
  return NOTES.filter(({ applies }) => applies(job, counted)).map(({ text }) => text);
}
