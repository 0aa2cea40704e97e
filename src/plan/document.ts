import type { Fault } from '../faults.ts';
import { comparesWithBaseline } from './after.ts';
import type { Check } from './checks.ts';
import type { UpperBounds } from './cost.ts';
import { modelName } from './model/upload.ts';
import type { Plan, PlanVerdict } from './plan.ts';

/** A finding as one flat record. */
export interface FindingRecord {
  readonly rule: string;
  readonly input?: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  readonly text: string;
}

/** The plan as one document for other programs; `plan` and `request` are null where there are errors. */
export interface PlanDocument {
  readonly plan: {
    readonly image: string | null;
    readonly tags: readonly string[];
    /** The Dockerfile that is written where the repository has none. */
    readonly dockerfile: string | null;
    readonly base: { readonly image: string; readonly why: string } | null;
    readonly machines: readonly (string | null)[];
    /** What is tried in turn; `request` and `machines` are the first's. */
    readonly choices: readonly { readonly region: string; readonly hardware: string }[];
    readonly upperBounds: UpperBounds;
    /** What the step itself uploads after the job; what a training pipeline uploads stands in its request. */
    readonly upload: { readonly model: string; readonly aliases: readonly string[]; readonly gated: boolean } | null;
    /** What is made of the job's results once it has ended. */
    readonly results: {
      /** Below the output folder. */
      readonly metricsFile: string | null;
      /** The rules, as they are written. */
      readonly gate: readonly string[];
      /** Whether a baseline is looked up before the build. */
      readonly baseline: boolean;
      readonly download: string | null;
      readonly comment: boolean;
    };
    /** Seconds after which the step leaves a job that still runs: 0 with `wait: false`, null where its sign-in decides. */
    readonly detachAfter: number | null;
  } | null;
  readonly request: {
    readonly method: 'POST';
    /** Resource collection that the body is sent to. */
    readonly collection: string;
    readonly body: unknown;
  } | null;
  readonly errors: readonly FindingRecord[];
  readonly warnings: readonly FindingRecord[];
  readonly notes: readonly FindingRecord[];
  readonly checks: readonly Check[];
}

export function planDocument({ plan, errors, warnings, notes }: PlanVerdict): PlanDocument {
  return {
    plan: plan === undefined ? null : planPart(plan),
    request: plan === undefined ? null : requestPart(plan),
    errors: errors.map(record),
    warnings: warnings.map(record),
    notes: notes.map(record),
    checks: plan?.checks ?? [],
  };
}

function planPart({ image, machineWhy, bounds, choices, upload, after }: Plan) {
  return {
    image: image === undefined ? null : image.repository,
    tags: image?.tags ?? [],
    base: image === undefined ? null : { image: image.bases[0].image, why: image.bases[0].why },
    dockerfile: image?.dockerfile.written === undefined ? null : image.dockerfile.text,
    machines: machineWhy.map((why) => why ?? null),
    choices: choices.map(({ region, hardware }) => ({ region, hardware })),
    upperBounds: bounds,
    upload: upload === undefined ? null : { model: modelName(upload), aliases: upload.aliases, gated: upload.gated },
    results: {
      metricsFile: after.metricsFile ?? null,
      gate: after.gate.map(({ text }) => text),
      baseline: comparesWithBaseline(after),
      download: after.download ?? null,
      comment: after.comment,
    },
    detachAfter: after.wait ? (after.detachAfter ?? null) : 0,
  };
}

function requestPart({ job }: Plan) {
  return { method: 'POST' as const, collection: `${job.parent}/${job.collection}`, body: job.resource };
}

function record({ rule, input, place, message }: Fault): FindingRecord {
  return {
    rule,
    ...(input === undefined ? {} : { input }),
    ...(place === undefined ? {} : { file: place.file }),
    ...(place?.line === undefined ? {} : { line: place.line }),
    ...(place?.column === undefined ? {} : { column: place.column }),
    text: message,
  };
}
