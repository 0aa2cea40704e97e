import type { CustomJobSpec, StudySpec } from '../vertex/types.ts';

/** The study of a tuning job: the fields of HyperparameterTuningJob beside its trialJobSpec. */
export interface StudyDraft {
  readonly studySpec: StudySpec;
  readonly maxTrialCount: number;
  readonly parallelTrialCount: number;
  readonly maxFailedTrialCount?: number;
}

/** What is asked for, whichever kind of job carries it; paths of findings begin with `spec` or `study`. */
export interface Draft {
  readonly spec: CustomJobSpec;
  readonly study: StudyDraft | undefined;
  readonly region: string;
}
