import type { Stage } from '../../../code/dockerfile/stages.ts';
import { type Finding, surely } from '../../../code/request.ts';
import { type ImageFacts, imageFacts } from '../known-images.ts';
import type { DockerfileRequest } from './request.ts';
import { type MissingCall, toolCalls } from './tools.ts';

/** Calls of Python and pip on images that have none; what a stage takes over from another is told once. */
export function judgePip(stages: readonly Stage[], request: DockerfileRequest): readonly Finding[] {
  const told = new Set<number>();
  return stages.flatMap((stage) => {
    const { base } = stage;
    const facts = base === undefined ? undefined : imageFacts(base);
    if (base === undefined || facts?.hasPython !== false) return [];
    const { missing, systemPip } = toolCalls(stage);
    return [
      ...(missing === undefined ? [] : [missingCall(missing, base, request)]),
      ...(systemPip !== undefined && isManaged(facts) ? [managedCall(systemPip.run.line, base, request)] : []),
    ].filter(({ fault }) => {
      const line = fault.place?.line ?? 0;
      return told.has(line) ? false : told.add(line);
    });
  });
}

function missingCall({ run, program, hasPython }: MissingCall, base: string, request: DockerfileRequest): Finding {
  const { dockerfile } = request;
  const place = { file: dockerfile, line: run.line, column: run.column };
  const mend = hasPython
    ? program === 'python'
      ? 'Install python-is-python3 before, or call python3.'
      : 'Install python3-pip before.'
    : `Install one before: apt-get install -y python3-pip python-is-python3, or uv and uv python install.${slimMend(base, request)}`;
  const lacks = hasPython ? `no ${program} has been installed on ${base}` : `${base} has no Python`;
  const message = `the RUN calls ${program}, and ${lacks}. ${mend}`;
  return surely({ rule: 'pip-missing', place, message });
}

/** A Dockerfile that was written for slim Python and is given nvidia/cuda. */
function slimMend(base: string, { buildArgs, frameworks }: DockerfileRequest): string {
  if (buildArgs['BASE_IMAGE'] !== base || frameworks.some(({ source }) => source === 'image')) return '';
  return frameworks.some(({ source }) => source === 'wheels')
    ? ' Or set base_image: slim, since the wheels bring CUDA.'
    : '';
}

/** Ubuntu from 23.04 and Debian from 12 on keep pip out of their own Python. */
function isManaged({ release }: ImageFacts): boolean {
  if (release?.of === 'ubuntu') return Number(release.version) >= 23.04;
  return release?.of === 'debian' && /^(?:bookworm|trixie|forky|sid)$/.test(release.version);
}

function managedCall(line: number, base: string, { dockerfile }: DockerfileRequest): Finding {
  const message = `pip installs into the Python of ${base}, which refuses with "externally-managed-environment". Make a virtual environment (python3 -m venv /opt/venv and ENV PATH=/opt/venv/bin:$PATH), or set ENV PIP_BREAK_SYSTEM_PACKAGES=1.`;
  return surely({ rule: 'pip-externally-managed', place: { file: dockerfile, line }, message });
}
