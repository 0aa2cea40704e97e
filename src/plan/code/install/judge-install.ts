import type { ImageFiles } from '../dockerfile/image-files.ts';
import type { Stage } from '../dockerfile/stages.ts';
import type { Reports } from '../metrics/reports.ts';
import { type Finding, perhaps } from '../request.ts';
import { installedIn } from './installs.ts';

/** Google's own training images hold cloudml-hypertune. */
const HOLDS =
  /(?:^|\.)?(?:docker\.pkg\.dev\/(?:vertex-ai|deeplearning-platform-release)\/|gcr\.io\/(?:deeplearning-platform-release|cloud-aiplatform)\/)/;

/** The library that reports a metric: a base may hold it, so its absence is only likely a fault. */
export function judgeInstall(
  stage: Stage,
  filesOf: (stage: Stage) => ImageFiles,
  reports: Reports,
  dockerfile: string,
): Finding[] {
  const { base } = stage;
  if (base === undefined || HOLDS.test(base)) return [];
  if (reports.importsHypertune === undefined && (reports.unknown || reports.tags.size > 0)) return [];
  const { mayHold, requirements, last } = installedIn(stage, filesOf);
  if (mayHold) return [];
  const place =
    requirements === undefined
      ? { file: dockerfile, line: last?.line ?? stage.line, column: last?.column ?? 1 }
      : { file: requirements, line: 1, column: 1 };
  const mend =
    requirements === undefined ? 'Add it: RUN pip install cloudml-hypertune.' : 'Add a line with cloudml-hypertune.';
  const why = reports.importsHypertune
    ? `${reports.importsHypertune.file} imports hypertune`
    : 'the metrics of a tuning job are reported with it';
  const message = `nothing installs cloudml-hypertune, unless the base image ${base} holds it: ${why}. ${mend}`;
  return [perhaps({ rule: 'hypertune-missing', place, message })];
}
