import { existsSync, readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { parse } from 'yaml';
import { type Fault, faultText, messageOf } from '../src/faults.ts';
import { readStep } from '../src/inputs/step.ts';
import { withoutMissing } from '../src/inputs/unknown.ts';
import { planDocument } from '../src/plan/document.ts';
import { explainPlan } from '../src/plan/explain.ts';
import { judgePlan, type PlanVerdict } from '../src/plan/plan.ts';
import { requestText } from '../src/report/tell.ts';
import { isInput, leftOut, notTextFaults, placedIn, rightWarnings, unknownFaults } from './plan/findings.ts';
import { RUN, standingIn } from './plan/run.ts';
import { findStep } from './plan/workflow.ts';

/** Plans the step of a workflow file at a desk: what would be built and sent, and what is wrong with it. */

const USAGE = `Usage: npm run plan -- WORKFLOW.yml [--job JOB] [--step STEP] [--input NAME=VALUE ...] [--json]
Prints the plan, the request and every finding of the step that uses this action; exit status 1 when there are errors.
  --job, --step  choose one of several steps, by id or name
  --input        a value for an input, over the file's; needed where the file has an expression (\${{ … }})
  --json         one document on stdout
`;

const OPTIONS = {
  job: { type: 'string' },
  step: { type: 'string' },
  input: { type: 'string', multiple: true },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

// A reader that needs no more (head) is no fault.
process.stdout.on('error', () => process.exit(0));
const write = (text: string) => process.stdout.write(`${text}\n`);

/** The folder that is checked out: the one that holds .github, else the repository's, else the file's own. */
function workspaceOf(file: string): string {
  const marked = /^(.*?)[/\\]\.github[/\\]workflows[/\\][^/\\]+$/.exec(file)?.[1];
  if (marked !== undefined) return marked;
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(resolve(folder, '.git'))) return folder;
  }
  return dirname(file);
}

function overrides(given: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    given.map((pair) => {
      const [, name, value] = /^(\w+)=([\s\S]*)$/.exec(pair) ?? [];
      if (name === undefined || value === undefined) throw new Error(`--input ${pair} is not NAME=VALUE.\n${USAGE}`);
      return [name, value];
    }),
  );
}

/** Inputs that go together, and tell nothing of the plan: without the one, the other is left out too. */
const PAIRS = [
  ['workload_identity_provider', 'service_account'],
  ['registry_username', 'registry_password'],
];

/** Inputs that only a run can know; an optional one is left out, a required one has to be given. */
function withoutExpressions(inputs: Readonly<Record<string, string>>) {
  const unknown = Object.keys(inputs).filter((name) => isInput(name) && inputs[name]?.includes('${{'));
  const out = PAIRS.filter((pair) => pair.some((name) => unknown.includes(name))).flat();
  const known = Object.entries(inputs).filter(([name]) => !unknown.includes(name) && !out.includes(name));
  return { known: Object.fromEntries(known), unknown };
}

/** Stands for a job that an earlier step hands on: one of the project and region that the step names. */
function someJob({ project_id: project = 'p', region = 'us-central1' }: Readonly<Record<string, string>>): string {
  return `projects/${project}/locations/${/[a-z]+-[a-z]+\d+/.exec(region)?.[0] ?? region}/customJobs/1`;
}

function defaults(): Readonly<Record<string, string>> {
  const action = parse(readFileSync(resolve(import.meta.dirname, '../action.yml'), 'utf8')) as {
    readonly inputs: Readonly<Record<string, { readonly default?: string }>>;
  };
  const rows = Object.entries(action.inputs).map(
    ([name, { default: preset }]) => [name, standingIn(preset ?? '')] as const,
  );
  return { ...Object.fromEntries(rows), matrix: 'null' };
}

/** Of a step that follows a job that stands already nothing is planned. */
function followed(faults: readonly Fault[]): PlanVerdict {
  return { plan: undefined, errors: faults, warnings: [], notes: [] };
}

function printText(verdict: PlanVerdict): void {
  const { plan, errors, warnings, notes } = verdict;
  if (plan !== undefined) {
    for (const line of explainPlan(plan)) write(line);
    write(`\n${requestText(plan)}\n`);
  }
  for (const note of notes) write(`note: ${faultText(note)}`);
  for (const warning of warnings) write(`warning: ${faultText(warning)}`);
  for (const error of errors) write(`error: ${faultText(error)}`);
  const count = (list: readonly unknown[], word: string) => `${list.length} ${word}${list.length === 1 ? '' : 's'}`;
  write([count(errors, 'error'), count(warnings, 'warning'), count(notes, 'note')].join(', '));
}

function print(verdict: PlanVerdict, { follows, json }: { readonly follows: boolean; readonly json: boolean }): void {
  if (json) {
    write(JSON.stringify(planDocument(verdict), null, 2));
    return;
  }
  if (follows) write('This step follows a job that stands already: nothing is planned.');
  printText(verdict);
}

function main(): number {
  const { values, positionals } = parseArgs({ options: OPTIONS, allowPositionals: true });
  const [named] = positionals;
  if (values.help || named === undefined || positionals.length > 1) {
    write(USAGE);
    return values.help ? 0 : 2;
  }
  const file = resolve(process.env['INIT_CWD'] ?? process.cwd(), named);
  const found = findStep(file, { job: values.job, step: values.step });
  const given = overrides(values.input ?? []);
  const texts = { ...found.inputs, ...given };
  const inputs = Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, standingIn(text)]));
  const { known, unknown } = withoutExpressions(inputs);
  if (unknown.length > 0 && !values.json)
    write(`Left out, as only a run knows them: ${unknown.join(', ')} (give --input NAME=VALUE)\n`);
  const workspace = workspaceOf(file);
  const preset = defaults();
  const env = {
    GITHUB_WORKSPACE: workspace,
    GITHUB_REPOSITORY: RUN['repository'],
    GITHUB_WORKFLOW: found.workflow || relative(workspace, file),
    GITHUB_WORKFLOW_REF: `${RUN['repository']}/${relative(workspace, file)}@${RUN['ref']}`,
    GITHUB_REF: RUN['ref'],
    GITHUB_SHA: RUN['sha'],
    GITHUB_RUN_ID: RUN['run_id'],
    GITHUB_RUN_NUMBER: RUN['run_number'],
    GITHUB_JOB: found.job,
    GITHUB_ACTION: found.step,
    ...(found.idToken ? { ACTIONS_ID_TOKEN_REQUEST_URL: 'granted', ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'granted' } : {}),
  };
  // A runner would hide a secret that is written to it; a desk would show it.
  const step = readStep(
    env,
    (name) => known[name] ?? (name === 'job' && unknown.includes(name) ? someJob(known) : preset[name]) ?? '',
    () => {},
  );
  const follows = known['job'] !== undefined || unknown.includes('job');
  const unknownNames = unknownFaults(inputs);
  const written = [...unknownNames, ...notTextFaults(found)];
  const refused = new Set(written.map(({ input }) => input));
  const others = step.faults.filter(({ input }) => !refused.has(input));
  const faults = [...written, ...withoutMissing(others, unknownNames).map(leftOut(unknown))];
  const judged = follows ? followed(faults) : judgePlan({ ...step, faults });
  const placed = placedIn(relative(workspace, file), found, given);
  const verdict = {
    ...judged,
    errors: judged.errors.map(placed),
    warnings: [...judged.warnings, ...rightWarnings(step.inputs.results, found)].map(placed),
    notes: judged.notes.map(placed),
  };
  print(verdict, { follows, json: values.json === true });
  return verdict.errors.length > 0 ? 1 : 0;
}

try {
  process.exitCode = main();
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 2;
}
