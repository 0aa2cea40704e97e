import type { Fault } from '../faults.ts';
import { Faults } from '../inputs/collect.ts';
import { parseList } from '../inputs/collections.ts';
import type { SignIn } from '../inputs/inputs.ts';
import { parseBoolean, parsePattern } from '../inputs/scalars.ts';
import { parseProject, parseSignIn } from '../inputs/sign-in.ts';

/** The names of sweep/action.yml's inputs. A test holds this list against it. */
export const SWEEP_INPUTS = [
  'project_id',
  'region',
  'cancel',
  'workload_identity_provider',
  'service_account',
  'token',
] as const;

/** The text of an input as the workflow gives it, with the default filled in by the runner; '' where unset. */
export type RawSweepInputs = (name: (typeof SWEEP_INPUTS)[number]) => string;

/** The second action's inputs as values. */
export interface SweepInputs {
  readonly projectId: string;
  /** Each once. */
  readonly regions: readonly string[];
  readonly cancel: boolean;
  readonly signIn: SignIn;
  /** GitHub's. */
  readonly token: string;
}

/** Reads every input and collects every fault; complete only where there are none. */
export function parseSweepInputs(raw: RawSweepInputs): {
  readonly inputs: SweepInputs;
  readonly faults: readonly Fault[];
} {
  const faults = new Faults();
  const token = raw('token');
  if (token === '') {
    faults.add(
      'required',
      'token',
      "is empty: GitHub could not be asked how the jobs' workflow runs stand. Leave it at its default, the job's own token.",
    );
  }
  const inputs = {
    projectId: parseProject(faults, raw),
    regions: parseRegions(faults, raw('region')),
    cancel: parseBoolean(faults, 'cancel', raw('cancel') || 'false'),
    signIn: parseSignIn(faults, raw),
    token,
  };
  return { inputs, faults: faults.list };
}

const REGION = /^(?:local|[a-z]+-[a-z]+\d{1,2})$/;

function parseRegions(faults: Faults, text: string): readonly string[] {
  const before = faults.list.length;
  const regions = [...new Set(parseList(faults, 'region', text))];
  // A list that could not be read is a fault of its own.
  if (regions.length === 0 && faults.list.length === before)
    faults.add('required', 'region', 'is missing. Name the regions that jobs run in, one a line.');
  for (const region of regions) {
    parsePattern(faults, 'region', region, 'region', REGION, 'Write a region (not a zone) such as us-central1.');
  }
  return regions;
}
