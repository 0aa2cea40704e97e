import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

interface Step {
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

/** The `with:` block of the one step of a workflow file that uses this action. Throws where there is not exactly one. */
export function actionInputs(path: string): Readonly<Record<string, string>> {
  const workflow = parse(readFileSync(path, 'utf8')) as {
    readonly jobs?: Readonly<Record<string, { readonly steps?: readonly Step[] }>>;
  };
  const steps = Object.values(workflow.jobs ?? {}).flatMap((job) => job.steps ?? []);
  const ours = steps.filter(({ uses }) => uses?.includes('/train-on-vertex@'));
  const [step] = ours;
  if (step === undefined || ours.length > 1) throw new Error(`${path} has ${ours.length} steps that use this action`);
  return Object.fromEntries(Object.entries(step.with ?? {}).map(([name, value]) => [name, String(value)]));
}
