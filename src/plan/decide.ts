import type { Fault } from '../faults.ts';
import type { RepositoryFiles } from '../inputs/files.ts';
import type { Inputs } from '../inputs/inputs.ts';
import type { RunContext } from '../inputs/run-context.ts';
import { type Choice, type Choices, choicesOf, mapChoices } from './choices.ts';
import type { CodeVerdict } from './code/judge.ts';
import type { Config } from './config/config.ts';
import type { Draft } from './draft.ts';
import type { Finding } from './findings.ts';
import { type ImageAnswer, localName, planImage } from './image/plan-image.ts';
import { uploaderOf } from './model/upload.ts';
import { prebuiltRules } from './prebuilt.ts';
import { judgeProgram } from './program.ts';
import { buildRequest, draftPath } from './request/request.ts';
import { RULES } from './rules/all.ts';

/** All that a plan rests on. */
export interface PlanRequest {
  readonly inputs: Inputs;
  /** What reading the inputs and files found already: told together with the plan's own. */
  readonly faults: readonly Fault[];
  readonly context: RunContext;
  readonly files: RepositoryFiles;
  /** YYYY-MM-DD, to judge the ages of containers by. */
  readonly today: string;
}

/** What was decided, with what was found on the way. */
export interface Decided {
  readonly choices: Choices<Choice>;
  readonly built: readonly number[];
  readonly image: ImageAnswer | undefined;
  readonly code: CodeVerdict;
}

/** Lays the request, chooses machines and base, and lets every rule look at the whole. */
export function decide({ inputs, context, files, today }: PlanRequest, config: Config | undefined): Decided {
  const imageUri = inputs.image?.repository ?? localName(context.repository);
  const asked = buildRequest(inputs, config, imageUri);
  const { built } = asked;
  const choices = mapChoices(choicesOf(inputs, asked), (choice) => ({
    ...choice,
    findings: sure(config, [
      ...choice.findings,
      ...RULES.flatMap((rule) => rule(choice.draft)),
      ...prebuiltRules(choice.draft, today),
      ...modelFindings(inputs, choice.draft),
      ...commandFindings(inputs, choice.draft),
    ]),
  }));
  const { draft } = choices[0];
  const pool = draft.spec.workerPoolSpecs[built[0] ?? 0];
  const image =
    built.length === 0
      ? undefined
      : planImage({
          inputs,
          accelerators: choices.flatMap((choice) => acceleratorsOf(choice.draft, built)),
          command: pool?.containerSpec?.command ?? [],
          tuning: draft.study !== undefined,
          context,
          files: files.view,
          dockerfileText: files.dockerfile,
          dockerfileRefused: files.dockerfileRefused,
        });
  return { choices, built, image, code: judgeProgram(inputs, files, draft, built, image) };
}

/** What the machines of the pools carry that run the built image. */
const acceleratorsOf = ({ spec }: Draft, built: readonly number[]) =>
  built.map((pool) => spec.workerPoolSpecs[pool]?.machineSpec?.acceleratorType);

/** What does not follow from values that the config's reading refused: one fault must not make up others. */
function sure(config: Config | undefined, findings: readonly Finding[]): readonly Finding[] {
  const toDraft = (paths: ReadonlySet<string> | undefined) =>
    [...(paths ?? [])].map((path) => draftPath(path, config?.type));
  const [refused, shifted] = [toDraft(config?.refused), toDraft(config?.shifted)];
  const follows = ({ rule, path }: Finding) =>
    refused.includes(path) ||
    shifted.some((list) => path === list || path.startsWith(`${list}[`)) ||
    (rule === 'max-wait-strategy' && refused.includes('spec.scheduling.strategy'));
  return findings.filter((finding) => !follows(finding));
}

function commandFindings({ command }: Inputs, { spec }: Draft): Finding[] {
  const pool = spec.workerPoolSpecs.findIndex(({ pythonPackageSpec }) => pythonPackageSpec !== undefined);
  if (command.length === 0 || pool === -1) return [];
  const message = `is given, but worker pool ${pool} runs a Python package, which takes no command. Remove it.`;
  return [{ level: 'error', rule: 'package-command', path: 'command', message }];
}

/** A pipeline uploads what lies in AIP_MODEL_DIR, which only an output folder gives (training/code-requirements). */
function modelFindings(inputs: Inputs, { spec }: Draft): Finding[] {
  if (uploaderOf(inputs) !== 'pipeline' || spec.baseOutputDirectory !== undefined) return [];
  const message =
    'output_uri is missing: the program gets no AIP_MODEL_DIR, and the model is uploaded without files. Give gs://BUCKET/PATH.';
  return [{ level: 'warning', rule: 'model-output', path: 'spec.baseOutputDirectory', message }];
}
