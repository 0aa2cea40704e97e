import type { Fault } from '../faults.ts';
import type { RepositoryFiles } from '../inputs/files.ts';
import type { Inputs } from '../inputs/inputs.ts';
import type { RunContext } from '../inputs/run-context.ts';
import type { CodeVerdict } from './code/judge.ts';
import type { Config } from './config/config.ts';
import { type UpperBounds, upperBounds } from './cost.ts';
import type { Draft } from './draft.ts';
import type { Finding, Origins } from './findings.ts';
import { type ImageAnswer, localName, planImage } from './image/plan-image.ts';
import { prebuiltRules } from './prebuilt.ts';
import { judgeProgram } from './program.ts';
import { chooseMachines } from './request/machines.ts';
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
  readonly draft: Draft;
  readonly origins: Origins;
  readonly built: readonly number[];
  readonly image: ImageAnswer | undefined;
  readonly code: CodeVerdict;
  readonly machineWhy: readonly (string | undefined)[];
  readonly findings: readonly Finding[];
  readonly bounds: UpperBounds;
}

/** Lays the request, chooses machines and base, and lets every rule look at the whole. */
export function decide({ inputs, context, files, today }: PlanRequest, config: Config | undefined): Decided {
  const imageUri = inputs.image?.repository ?? localName(context.repository);
  const { draft: asked, origins, built } = buildRequest(inputs, config, imageUri);
  const machines = chooseMachines(asked.spec, inputs.region);
  const draft: Draft = { ...asked, spec: machines.spec };
  const accelerator =
    built.length === 0 ? undefined : machines.spec.workerPoolSpecs[built[0] ?? 0]?.machineSpec?.acceleratorType;
  const image =
    built.length === 0
      ? undefined
      : planImage({
          inputs,
          accelerator,
          command: machines.spec.workerPoolSpecs[built[0] ?? 0]?.containerSpec?.command ?? [],
          tuning: asked.study !== undefined,
          context,
          files: files.view,
          dockerfileText: files.dockerfile,
          dockerfileRefused: files.dockerfileRefused,
        });
  return {
    draft,
    origins,
    built,
    image,
    code: judgeProgram(inputs, files, draft, built, image),
    machineWhy: machines.why,
    findings: sure(config, [
      ...machines.findings,
      ...RULES.flatMap((rule) => rule(draft)),
      ...prebuiltRules(draft, today),
      ...modelFindings(inputs, draft),
      ...commandFindings(inputs, draft),
    ]),
    bounds: upperBounds(draft, inputs.limits),
  };
}

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
function modelFindings({ model }: Inputs, { spec }: Draft): Finding[] {
  if (model === undefined || spec.baseOutputDirectory !== undefined) return [];
  const message =
    'output_uri is missing: the program gets no AIP_MODEL_DIR, and the model is uploaded without files. Give gs://BUCKET/PATH.';
  return [{ level: 'warning', rule: 'model-output', path: 'spec.baseOutputDirectory', message }];
}
