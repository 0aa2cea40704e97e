import { readFileSync } from 'node:fs';
import { isMap, isScalar, isSeq, LineCounter, parseDocument, type YAMLMap } from 'yaml';

/** The step of a workflow file that uses this action. */
export interface WorkflowStep {
  readonly job: string;
  readonly step: string;
  /** The `with:` block; every value as the text that the runner hands over. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly workflow: string;
  /** Inputs that hold YAML itself where a runner takes a text, with their places in the file. */
  readonly notTexts: readonly { readonly input: string; readonly line: number; readonly column: number }[];
  /** Whether the job may ask for OIDC tokens (`permissions: id-token: write`). */
  readonly idToken: boolean;
  /** Whether GITHUB_TOKEN lacks a right such as `actions: read`, as far as the file tells: without any permissions it does not. */
  readonly lacks: (scope: string, access: 'read' | 'write') => boolean;
}

export interface StepChoice {
  readonly job: string | undefined;
  /** Id or name of the step. */
  readonly step: string | undefined;
}

/** Finds the one step that uses this action. Throws an Error that names what there is. */
export function findStep(path: string, choice: StepChoice): WorkflowStep {
  const lines = new LineCounter();
  const document = parseDocument(readFileSync(path, 'utf8'), { lineCounter: lines });
  const [error] = document.errors;
  if (error) throw new Error(`${path} is not valid YAML: ${error.message}`);
  const found = stepsOf(document.contents, document.get('name'), lines);
  const chosen = found.filter(
    ({ job, step }) =>
      (choice.job === undefined || job === choice.job) && (choice.step === undefined || step === choice.step),
  );
  const [only] = chosen;
  if (only !== undefined && chosen.length === 1) return only;
  const names = found.map(({ job, step }) => `--job ${job} --step ${step}`).join('; ');
  const why =
    chosen.length === 0 ? 'no step there uses this action' : `${chosen.length} steps use this action; choose one`;
  throw new Error(`${path}: ${why}${found.length === 0 ? '' : ` (${names})`}`);
}

const OURS = /(?:^|\/)train-on-vertex@|^\.\/?$/;

function stepsOf(root: unknown, name: unknown, lines: LineCounter): WorkflowStep[] {
  const jobs = isMap(root) ? root.get('jobs') : undefined;
  if (!isMap(jobs)) return [];
  return jobs.items.flatMap(({ key, value }) => {
    const job = isScalar(key) ? String(key.value) : '';
    const steps = isMap(value) ? value.get('steps') : undefined;
    if (!isMap(value) || !isSeq(steps)) return [];
    const permissions = value.get('permissions') ?? (isMap(root) ? root.get('permissions') : undefined);
    const idToken = grantsIdToken(permissions);
    const lacks: WorkflowStep['lacks'] = (scope, access) => permissionsLack(permissions, scope, access);
    return steps.items.flatMap((step, index) => {
      const uses = isMap(step) ? step.get('uses') : undefined;
      if (!isMap(step) || typeof uses !== 'string' || !OURS.test(uses)) return [];
      const id = String(step.get('id') ?? step.get('name') ?? index + 1);
      const notTexts = notTextsOf(step, lines);
      return [{ job, step: id, inputs: inputsOf(step), workflow: String(name ?? ''), notTexts, idToken, lacks }];
    });
  });
}

/** A job's own permissions replace the workflow's; without any, no OIDC token is granted. */
function grantsIdToken(permissions: unknown): boolean {
  if (isMap(permissions)) return permissions.get('id-token') === 'write';
  return permissions === 'write-all';
}

function permissionsLack(permissions: unknown, scope: string, access: 'read' | 'write'): boolean {
  if (isMap(permissions)) {
    const granted = permissions.get(scope);
    return granted !== 'write' && granted !== access;
  }
  return permissions === 'read-all' && access === 'write';
}

function notTextsOf(step: YAMLMap, lines: LineCounter): WorkflowStep['notTexts'] {
  const block = step.get('with');
  if (!isMap(block)) return [];
  return block.items.flatMap(({ key, value }) => {
    if (!isScalar(key) || isScalar(value) || value === null) return [];
    const { line, col } = lines.linePos(key.range?.[0] ?? 0);
    return [{ input: String(key.value), line, column: col }];
  });
}

/** GitHub hands on the text that a scalar was written with, but for true and false. */
function inputsOf(step: YAMLMap): Record<string, string> {
  const block = step.get('with');
  if (!isMap(block)) return {};
  return Object.fromEntries(
    block.items.map(({ key, value }) => {
      const name = isScalar(key) ? String(key.value) : '';
      if (!isScalar(value)) return [name, ''];
      return [
        name,
        typeof value.value === 'string' || value.value === null ? String(value.value ?? '') : (value.source ?? ''),
      ];
    }),
  );
}
