import type { Fault } from '../faults.ts';
import type { ArtifactName } from '../plan/image-name.ts';
import type { PreflightRule } from '../plan/network-rules.ts';
import type { MachineSpec } from '../vertex/types.ts';
import type { Caller } from './caller.ts';

/** Where what is asked about was given. */
export interface Source extends Pick<Fault, 'input' | 'place'> {
  /** The part of the request, where no input tells it: `workerPoolSpecs[0].containerSpec.args`. */
  readonly part?: string | undefined;
}

interface Common {
  /** The question, in words; whatever cannot be answered is told by it. */
  readonly question: string;
  readonly source: Source;
  readonly caller: Caller;
}

/** A role, what it is needed for, and the permissions that show whether it is there. */
export interface Need {
  readonly rule: PreflightRule;
  readonly role: string;
  readonly permissions: readonly string[];
  /** What they allow, as in `X may not …`. */
  readonly to: string;
}

/** What a bucket is for, which tells how strictly its place is judged. */
export type BucketUse = 'data' | 'output' | 'model-output' | 'tensorboard-output';

interface Kinds {
  /** The job's project, by its id or number. */
  readonly project: { readonly project: string };
  /** Whether Vertex AI answers in the project and region; `collection` is where the job will be created. */
  readonly 'vertex-api': { readonly project: string; readonly region: string; readonly collection: string };
  readonly permissions: { readonly project: string; readonly needs: readonly Need[] };
  /** The account that the program runs as. */
  readonly 'job-account': { readonly account: string; readonly project: string };
  readonly bucket: {
    readonly bucket: string;
    readonly use: BucketUse;
    readonly region: string;
    readonly project: string;
    /** Who reads and writes it: the job's account; undefined is Vertex AI's agent. */
    readonly account: string | undefined;
  };
  /** What the step itself may do with the objects of a bucket. */
  readonly objects: { readonly bucket: string; readonly need: Need };
  readonly dataset: { readonly project: string; readonly dataset: string; readonly region: string };
  readonly tensorboard: { readonly name: string; readonly region: string };
  readonly model: { readonly name: string; readonly region: string };
  readonly 'persistent-resource': {
    readonly name: string;
    readonly region: string;
    /** The machines that the job asks for, one of each kind. */
    readonly machines: readonly MachineSpec[];
  };
  readonly 'kms-key': { readonly name: string; readonly region: string; readonly project: string };
  readonly network: { readonly name: string };
  /** An image that is not built here. */
  readonly image: { readonly name: ArtifactName; readonly project: string };
}

/** Something that Google is asked before anything is built. */
export type PreflightCheck = { [K in keyof Kinds]: Common & { readonly kind: K } & Kinds[K] }[keyof Kinds];
export type CheckOf<K extends PreflightCheck['kind']> = Extract<PreflightCheck, { readonly kind: K }>;
