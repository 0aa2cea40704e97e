import type { Inputs, StudyInputs } from '../../inputs/inputs.ts';
import type { CustomJobSpec, StudySpec } from '../../vertex/types.ts';
import type { Config } from '../config/config.ts';
import type { Draft, StudyDraft } from '../draft.ts';
import { Origins } from '../findings.ts';
import { buildPools } from './pools.ts';
import { setAt } from './set-at.ts';

export interface Built {
  readonly draft: Draft;
  readonly origins: Origins;
  /** Worker pools that run the image that is built here; where there are none, nothing is built. */
  readonly built: readonly number[];
}

type Json = Readonly<Record<string, unknown>>;

/** Lays the inputs over the config: what the inputs say wins, what neither says is left to defaults and to the service. */
export function buildRequest(inputs: Inputs, config: Config | undefined, imageUri: string): Built {
  const origins = configOrigins(config);
  origins.set('region', { input: 'region' });
  origins.set('command', { input: 'command' });
  for (const [path, input] of aroundSpec(inputs)) origins.set(path, { input });
  const { spec: given, study: givenStudy } = partsOf(config);
  const { pools, built } = buildPools(given.workerPoolSpecs ?? [], inputs, imageUri, origins);
  const spec = withDefaults({ ...withSpecFields(given, inputs, origins), workerPoolSpecs: pools });
  return {
    draft: { spec, study: buildStudy(givenStudy, inputs.study, origins), region: inputs.region },
    origins,
    built,
  };
}

/** Parts of the resource around the spec that come from inputs; the service's own errors name them too. */
function aroundSpec({ labels, kmsKey, model }: Inputs): readonly (readonly [string, string])[] {
  const uploaded = [
    ['modelId', 'model'],
    ['parentModel', 'model'],
    ['modelToUpload', 'model'],
    ['modelToUpload.containerSpec', 'serving_image'],
    ['modelToUpload.containerSpec.predictRoute', 'serving_predict_route'],
    ['modelToUpload.containerSpec.healthRoute', 'serving_health_route'],
    ['modelToUpload.containerSpec.ports', 'serving_ports'],
  ] as const;
  return [
    ...(labels.size === 0 ? [] : [['labels', 'labels'] as const]),
    ...(kmsKey === undefined ? [] : [['encryptionSpec', 'kms_key'] as const]),
    ...(model === undefined ? [] : uploaded),
  ];
}

function partsOf(config: Config | undefined): {
  readonly spec: Partial<CustomJobSpec>;
  readonly study: Json | undefined;
} {
  if (config === undefined || config.type === 'CustomJobSpec') return { spec: config?.value ?? {}, study: undefined };
  const { trialJobSpec, ...study } = config.value;
  return { spec: (trialJobSpec ?? {}) as Partial<CustomJobSpec>, study };
}

function configOrigins(config: Config | undefined): Origins {
  const origins = new Origins();
  for (const [path, place] of config?.places ?? []) origins.set(draftPath(path, config?.type), { place });
  return origins;
}

/** The path in the draft of a path in the config's message. */
export function draftPath(path: string, type: Config['type'] | undefined): string {
  if (type === 'CustomJobSpec') return path === '' ? 'spec' : `spec.${path}`;
  if (path === 'trialJobSpec' || path.startsWith('trialJobSpec.')) return path.replace('trialJobSpec', 'spec');
  return path === '' ? 'study' : `study.${path}`;
}

function withSpecFields(
  spec: Partial<CustomJobSpec>,
  { specFields }: Inputs,
  origins: Origins,
): Partial<CustomJobSpec> {
  return specFields
    .filter(({ path }) => !path.startsWith('workerPoolSpecs'))
    .reduce<Partial<CustomJobSpec>>((current, { path, value, input }) => {
      origins.set(`spec.${path}`, { input });
      return setAt(current, path, value) as Partial<CustomJobSpec>;
    }, spec);
}

/** Vertex AI's own default is a week; a lost runner must not cost that much. */
const DEFAULT_TIMEOUT = '86400s';

function withDefaults(spec: CustomJobSpec): CustomJobSpec {
  return { ...spec, scheduling: { ...spec.scheduling, timeout: spec.scheduling?.timeout ?? DEFAULT_TIMEOUT } };
}

const EARLY_STOPPING = {
  median: 'medianAutomatedStoppingSpec',
  decay_curve: 'decayCurveStoppingSpec',
  convex: 'convexAutomatedStoppingSpec',
} as const;

function buildStudy(
  config: Json | undefined,
  inputs: StudyInputs | undefined,
  origins: Origins,
): StudyDraft | undefined {
  if (config === undefined && inputs === undefined) return undefined;
  const given = (config ?? {}) as Partial<StudyDraft>;
  origins.set(
    'study.studySpec.metrics',
    origins.of('study.studySpec.metrics').place ? origins.of('study.studySpec.metrics') : { input: 'metrics' },
  );
  origins.set(
    'study.studySpec.parameters',
    origins.of('study.studySpec.parameters').place ? origins.of('study.studySpec.parameters') : { input: 'parameters' },
  );
  const overlay = new StudyOverlay(origins, { metrics: [], parameters: [], ...given.studySpec });
  if (inputs !== undefined) overlay.lay(inputs);
  const count = (field: 'maxTrialCount' | 'parallelTrialCount', input: string, value: number | undefined) => {
    if (value !== undefined) origins.set(`study.${field}`, { input });
    return value ?? given[field] ?? 1;
  };
  const maxFailed = inputs?.maxFailedTrials ?? given.maxFailedTrialCount;
  if (inputs?.maxFailedTrials !== undefined) origins.set('study.maxFailedTrialCount', { input: 'max_failed_trials' });
  return {
    studySpec: overlay.spec,
    maxTrialCount: count('maxTrialCount', 'max_trials', inputs?.maxTrials),
    parallelTrialCount: count('parallelTrialCount', 'parallel_trials', inputs?.parallelTrials),
    ...(maxFailed === undefined ? {} : { maxFailedTrialCount: maxFailed }),
  };
}

class StudyOverlay {
  spec: StudySpec;
  readonly #origins: Origins;

  constructor(origins: Origins, spec: StudySpec) {
    this.#origins = origins;
    this.spec = spec;
  }

  lay(inputs: StudyInputs): void {
    if (inputs.metrics.length > 0) this.#give('metrics', 'metrics', inputs.metrics);
    if (inputs.parameters.length > 0) this.#give('parameters', 'parameters', inputs.parameters);
    if (inputs.algorithm !== undefined) this.#give('algorithm', 'algorithm', inputs.algorithm);
    if (inputs.measurementSelection !== undefined) {
      this.#give('measurementSelectionType', 'measurement_selection', inputs.measurementSelection);
    }
    if (inputs.earlyStopping === undefined) return;
    // The three exclude each other.
    const others = Object.values(EARLY_STOPPING);
    this.spec = Object.fromEntries(
      Object.entries(this.spec).filter(([key]) => !(others as string[]).includes(key)),
    ) as unknown as StudySpec;
    this.#give(EARLY_STOPPING[inputs.earlyStopping], 'early_stopping', {});
  }

  #give(field: string, input: string, value: unknown): void {
    this.spec = { ...this.spec, [field]: value };
    this.#origins.set(`study.studySpec.${field}`, { input });
  }
}
