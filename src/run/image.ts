import { resolve } from 'node:path';
import { credentialFiles } from '../image/context/context.ts';
import { type MadeImage, makeImage } from '../image/image.ts';
import type { BuildInputs } from '../inputs/inputs.ts';
import type { Step } from '../inputs/step.ts';
import type { Log } from '../log.ts';
import { writeDockerfile } from '../report/conclude.ts';
import { programEnv, systemPrograms } from '../runner/programs.ts';
import { inStepFolder } from '../runner/step-folder.ts';
import { principalOf } from './principal.ts';
import type { Run } from './run.ts';

/** The image; undefined where every worker pool brings its own. */
export async function buildImage(
  { step, plan, region, log, signal, clock, setOutputs }: Run,
  projectNumber: string | undefined,
): Promise<MadeImage | undefined> {
  const planned = plan.image;
  if (planned === undefined) return undefined;
  const { inputs, workspace, tempFolder } = step;
  const image = await log.group(`Image ${planned.repository}`, () =>
    inStepFolder(tempFolder, (folder) =>
      makeImage({
        plan: planned,
        workspace,
        tempFolder: folder,
        neverSent: [...credentialFiles(process.env), tempFolder, ...secretFiles(step)],
        env: buildEnv(inputs.build.cache),
        programs: systemPrograms,
        clock,
        log,
        signal,
        login: inputs.registry,
        vertexOnLoopback: region.onLoopback,
        pusher: {
          artifactRegistry: region.artifactRegistry,
          project: inputs.projectId,
          projectNumber,
          principal: principalOf(inputs.signIn),
          ignore: inputs.ignore,
        },
        accessToken: region.accessToken,
        onSource: ({ base, fingerprint, dockerfile }) => {
          setOutputs({ base_image: base.image, fingerprint });
          if (planned.dockerfile.written !== undefined) {
            setOutputs({ dockerfile: keptDockerfile(dockerfile, tempFolder, log) });
          }
        },
      }),
    ),
  );
  log.info(`Image: ${image.reference}`);
  setOutputs({ image: image.reference });
  return image;
}

/** The right to the workflow's cache goes along only where the build's cache is kept there. */
function buildEnv(cache: BuildInputs['cache']): Record<string, string> {
  const token = process.env['ACTIONS_RUNTIME_TOKEN'];
  const env = programEnv(process.env);
  return cache === 'gha' && token !== undefined ? { ...env, ACTIONS_RUNTIME_TOKEN: token } : env;
}

const secretFiles = ({ inputs, workspace }: Step) =>
  inputs.build.secrets.flatMap(({ from, text }) => (from === 'file' ? [resolve(workspace, text)] : []));

/** A Dockerfile that was written is shown, and kept for whoever wants to make it theirs. */
function keptDockerfile(text: string, tempFolder: string, log: Log): string {
  log.info('The repository has no Dockerfile; this one was written for it:');
  log.untrusted('dockerfile', text);
  return writeDockerfile(text, tempFolder);
}
