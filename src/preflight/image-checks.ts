import { parseArtifactName } from '../plan/image-name.ts';
import { type Asking, sourceAt } from './asking.ts';
import type { PreflightCheck } from './check.ts';

/** Projects of Google's whose images everybody may pull. */
const PUBLIC = new Set(['vertex-ai', 'vertex-ai-restricted', 'cloud-aiplatform', 'deeplearning-platform-release']);

/** Images at Artifact Registry that the job names and nobody builds here: whether Vertex AI can pull them. */
export function imageChecks(asking: Asking): PreflightCheck[] {
  const { plan, inputs, caller } = asking;
  const seen = new Set<string>();
  return imagesOf(asking).flatMap(({ path, image }): PreflightCheck[] => {
    const name = parseArtifactName(image.replace(/@.*$/, '').replace(/:[^:/]*$/, ''));
    if (name === undefined || PUBLIC.has(name.project)) return [];
    const repository = `${name.project}/${name.location}/${name.repository}`;
    if (seen.has(repository)) return [];
    seen.add(repository);
    const source = sourceAt(plan.origins, path);
    const question = `Is there a repository ${name.repository} in ${name.location} of project ${name.project}, and may Vertex AI pull from it?`;
    return [{ kind: 'image', name, project: inputs.projectId, source, caller, question }];
  });
}

function imagesOf({
  plan: { draft, job, built },
}: Asking): readonly { readonly path: string; readonly image: string }[] {
  const pools = draft.spec.workerPoolSpecs.flatMap(({ containerSpec, pythonPackageSpec }, index) => {
    const at = (field: string, image: string | undefined) =>
      image === undefined ? [] : [{ path: `spec.workerPoolSpecs[${index}].${field}`, image }];
    return [
      ...(built.includes(index) ? [] : at('containerSpec.imageUri', containerSpec?.imageUri)),
      ...at('pythonPackageSpec.executorImageUri', pythonPackageSpec?.executorImageUri),
    ];
  });
  if (job.collection !== 'trainingPipelines') return pools;
  const { containerSpec } = job.resource.modelToUpload ?? {};
  return [
    ...pools,
    ...(containerSpec === undefined ? [] : [{ path: 'modelToUpload.containerSpec', image: containerSpec.imageUri }]),
  ];
}
