import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isMap, isScalar, isSeq, LineCounter, parseDocument, type YAMLMap } from 'yaml';
import { textAt } from '../../src/json.ts';

/** A place in the workflow file; lines and columns count from 1. */
export interface LinePlace {
  readonly line: number;
  readonly column: number;
}

/** The step of a workflow file that uses this action. */
export interface WorkflowStep {
  readonly job: string;
  readonly step: string;
  /** The `with:` block; every value as the text that the runner hands over. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly workflow: string;
  /** Where each input stands in the file. */
  readonly places: Readonly<Record<string, LinePlace>>;
  /** Inputs that hold YAML itself where a runner takes a text, by name. */
  readonly notTexts: readonly string[];
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
  const document = parseDocument(textOf(path), { lineCounter: lines });
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

/** The file's text. Throws an Error that says what stands in the way, and what to name instead. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const code = textAt(cause, 'code');
    if (code === 'EISDIR') throw new Error(`${path} is a folder.${workflowsText(path)}`);
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw cause;
    throw new Error(`There is no file ${path}.${workflowsText(dirname(path))}`);
  }
}

/** The workflow files that may have been meant. */
function workflowsText(folder: string): string {
  const found = [folder, join(folder, '.github/workflows')].flatMap((each) =>
    existsSync(each) ? readdirSync(each).flatMap((name) => (/\.ya?ml$/.test(name) ? [join(each, name)] : [])) : [],
  );
  if (found.length === 0) return ' Name a workflow file, such as .github/workflows/train.yml.';
  return ` Name a workflow file, such as ${found.sort().slice(0, 5).join(' or ')}.`;
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
      const given = { inputs: inputsOf(step), places: placesOf(step, lines), notTexts: notTextsOf(step) };
      return [{ job, step: id, ...given, workflow: String(name ?? ''), idToken, lacks }];
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

function placesOf(step: YAMLMap, lines: LineCounter): WorkflowStep['places'] {
  const block = step.get('with');
  if (!isMap(block)) return {};
  const keys = block.items.map(({ key }) => key).filter((key) => isScalar(key));
  return Object.fromEntries(
    keys.map((key) => {
      const { line, col } = lines.linePos(key.range?.[0] ?? 0);
      return [nameOf(key), { line, column: col }];
    }),
  );
}

function notTextsOf(step: YAMLMap): WorkflowStep['notTexts'] {
  const block = step.get('with');
  if (!isMap(block)) return [];
  return block.items.flatMap(({ key, value }) =>
    !isScalar(key) || isScalar(value) || value === null ? [] : [nameOf(key)],
  );
}

/** A runner makes no difference between capital and small letters. */
const nameOf = (key: unknown) => (isScalar(key) ? String(key.value).toLowerCase() : '');

/** GitHub hands on the text that a scalar was written with, but for true and false. */
function inputsOf(step: YAMLMap): Record<string, string> {
  const block = step.get('with');
  if (!isMap(block)) return {};
  return Object.fromEntries(
    block.items.map(({ key, value }) => {
      const name = nameOf(key);
      if (!isScalar(value)) return [name, ''];
      return [
        name,
        typeof value.value === 'string' || value.value === null ? String(value.value ?? '') : (value.source ?? ''),
      ];
    }),
  );
}
