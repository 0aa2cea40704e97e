import type { JobResource } from '../../../src/vertex/jobs.ts';
import type { Random } from './random.ts';

/** How a kind of machine is to be had in a region at a time, and how a job fares that asks for it. */
export const FARES = [
  'open',
  'stockout', // refused at create
  'quota',
  'forbidden',
  'bad request',
  'stockout later', // created, and failed before it ran
  'quota later',
  'waits', // created, and not started for long
] as const;
export type Fare = (typeof FARES)[number];

/** How a place fares now. */
export type Market = (place: string, now: number) => Fare;

export const openMarket = (): Market => () => 'open';

/** So long the market stays as it is, in milliseconds. */
const PERIOD_MS = 15 * 60_000;
const SCARCE: readonly Fare[] = [
  ...Array.from({ length: 7 }, () => 'open' as const),
  'stockout',
  'stockout',
  'stockout',
  'quota',
  'quota',
  'stockout later',
  'stockout later',
  'quota later',
  'waits',
  'waits',
  'waits',
];

/** A market in which not everything is to be had, and what is to be had changes. */
export function scarceMarket(random: Random): Market {
  const rude = random.chance(0.05) ? random.pick<Fare>(['forbidden', 'bad request']) : undefined;
  const drawn = new Map<string, Fare>();
  return (place, now) => {
    const key = `${place} ${Math.floor(now / PERIOD_MS)}`;
    const fare = drawn.get(key) ?? (rude !== undefined && random.chance(0.3) ? rude : random.pick(SCARCE));
    drawn.set(key, fare);
    return fare;
  };
}

/** A region, and the machines that are asked for in it. */
export function placeOf(parent: string, resource: JobResource): string {
  const spec = 'jobSpec' in resource ? resource.jobSpec : undefined;
  const { acceleratorType, machineType } = spec?.workerPoolSpecs[0]?.machineSpec ?? {};
  return `${parent} ${acceleratorType ?? machineType}`;
}

/** What the service says of it. */
export const WORDS = {
  stockout: 'Resources are insufficient in region: us-central1. Try a different region or use a different accelerator.',
  quota:
    'The following quota metrics exceed quota limits: aiplatform.googleapis.com/custom_model_training_nvidia_l4_gpus',
  forbidden:
    "Permission 'aiplatform.customJobs.create' denied on resource '//aiplatform.googleapis.com/projects/my-project/locations/us-central1' (or it may not exist).",
  'bad request': 'List of found errors: 1.Field: job_spec.worker_pool_specs; Message: is wrong.',
} as const;

/** The answer to a request to create. */
export const REFUSALS: Partial<Readonly<Record<Fare, { readonly status: number; readonly words: string }>>> = {
  stockout: { status: 429, words: WORDS.stockout },
  quota: { status: 429, words: WORDS.quota },
  forbidden: { status: 403, words: WORDS.forbidden },
  'bad request': { status: 400, words: WORDS['bad request'] },
};
