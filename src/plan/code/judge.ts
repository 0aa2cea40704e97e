import { closestMatch } from 'leven';
import { type Fault, shown } from '../../faults.ts';
import { judgeFlags } from './cli/judge-flags.ts';
import { type ImageFiles, imageFiles } from './dockerfile/image-files.ts';
import { readStages, type Stage } from './dockerfile/stages.ts';
import { judgeInstall } from './install/judge-install.ts';
import { type CommandLine, commandLine } from './launch/argv.ts';
import { jsonSlip } from './launch/faults.ts';
import type { Program, PythonProgram } from './launch/program.ts';
import { start } from './launch/start.ts';
import { judgeMetrics } from './metrics/judge-metrics.ts';
import { readReports } from './metrics/reports.ts';
import { judgeOutputs } from './outputs/judge-outputs.ts';
import { readCode } from './python/code.ts';
import { callsOf } from './python/places.ts';
import { type CodeRequest, type CodeVerdict, type Finding, perhaps, surely } from './request.ts';

export type { CodeRequest, CodeVerdict, FileView } from './request.ts';
export { RULES } from './rules.ts';

/**
 * Judges a Dockerfile and the program it starts by reading them: nothing is run. What surely fails is an error, what looks
 * wrong a warning, and what cannot be known says nothing.
 */
export function judgeCode(request: CodeRequest): CodeVerdict {
  const { found, tags } = readAll(request);
  const faults = (sure: boolean): Fault[] => found.filter((one) => one.sure === sure).map(({ fault }) => fault);
  return { errors: faults(true), warnings: faults(false), tagsInCode: tags };
}

interface Read {
  readonly found: readonly Finding[];
  /** Metric tags that are reported. */
  readonly tags: readonly string[];
}

const NOTHING: Read = { found: [], tags: [] };

function readAll(request: CodeRequest): Read {
  const text = request.files.text(request.dockerfile);
  const read = text === undefined ? undefined : readStages(text, request.buildArgs, request.target);
  if (read === undefined) return NOTHING;
  if (read.built === undefined) return { ...NOTHING, found: [stageMissing(request, read.stages)] };
  const stage = read.built;
  const line = commandLine(request, stage);
  if (line === undefined) return NOTHING;
  const found: Finding[] = [];
  const filesOf = (one: Stage) => imageFiles(request.files, one, request.context, request.dockerfile);
  const files = filesOf(stage);
  found.push(...slipsOf(line, request, stage));
  const { dockerfile } = request;
  const situation = { stage, files, dockerfile, cwd: stage.workdir, ...line, depth: 0, steps: { left: 100 }, found };
  const program = start(line.words, situation);
  found.push(...judgeServer(program, line, request));
  if (program?.kind !== 'python') return { ...NOTHING, found };
  const python = readPython(program, files, request, stage, filesOf);
  return { ...python, found: [...found, ...python.found] };
}

/** Slips in the forms that take part in the start. */
function slipsOf({ form, replaced }: CommandLine, { dockerfile }: CodeRequest, { cmd }: Stage): Finding[] {
  const forms = [form, form?.keyword === 'ENTRYPOINT' && replaced === undefined ? cmd : undefined];
  return forms.flatMap((one) => (one === undefined || one === 'unknown' ? [] : (jsonSlip(one, dockerfile) ?? [])));
}

function readPython(
  program: PythonProgram,
  files: ImageFiles,
  { study, dockerfile, outputs, files: view }: CodeRequest,
  stage: Stage,
  filesOf: (stage: Stage) => ImageFiles,
): Read {
  const code = readCode({ files, ...program });
  const calls = callsOf(code);
  const found = judgeFlags({ code, calls }, program.words);
  if (outputs !== undefined) {
    const texts = [...outputs.texts, (view.text(dockerfile) ?? '').replace(/^\s*#.*$/gm, '')];
    found.push(...judgeOutputs(code, calls, program.words, { ...outputs, texts }));
  }
  if (study === undefined || study.metrics.length === 0) return { ...NOTHING, found };
  const reports = readReports(code, calls);
  const metrics = judgeMetrics(code, calls, reports, study.metrics);
  const install = judgeInstall(stage, filesOf, reports, dockerfile);
  return { found: [...found, ...metrics, ...install], tags: [...reports.tags.keys()] };
}

function judgeServer(program: Program, { form }: CommandLine, { dockerfile }: CodeRequest): Finding[] {
  if (program?.kind !== 'server' || form === undefined) return [];
  const place = { file: dockerfile, line: form.line, column: form.column };
  const message = `the image starts ${program.name}, a server, which never ends: the job would run until its timeout. Name the training program in command, or build the stage that trains.`;
  return [perhaps({ rule: 'default-target-server', place, message })];
}

function stageMissing({ target = '', dockerfile }: CodeRequest, stages: readonly Stage[]): Finding {
  const names = stages.map(({ name }) => name).filter((name) => name !== '');
  const nearest = closestMatch(target.toLowerCase(), names) ?? names[0];
  const has = names.length === 0 ? 'its stages have no names' : `it has ${names.map(shown).join(', ')}`;
  const mend = nearest === undefined ? 'Write FROM … AS NAME.' : `The nearest is ${shown(nearest)}.`;
  const place = { file: dockerfile, line: stages[0]?.line ?? 1, column: 1 };
  const message = `the Dockerfile has no stage ${shown(target)}: ${has}. ${mend}`;
  return surely({ rule: 'stage-missing', place, message });
}
