import type { ArtifactRepository } from '../../google/artifact-registry.ts';
import { command } from '../../google/commands.ts';
import type { AccessFinding } from '../../image/registry/findings.ts';
import type { CheckOf } from '../check.ts';
import { finding } from '../finding.ts';

type Check = CheckOf<'image'>;

/** What is wrong with the repository of an image that is there already, as the job says; undefined is a missing one. */
export function judgeRepository(check: Check, repository: ArtifactRepository | undefined): readonly AccessFinding[] {
  const { project, location, repository: id, image } = check.name;
  const place = `projects/${project}/locations/${location}/repositories/${id}`;
  if (repository === undefined) {
    const list = command('gcloud artifacts repositories list', `--location=${location}`, `--project=${project}`);
    const message = `names the image ${image} in ${place}, and there is no such repository. ${list} shows those there are.`;
    return [finding('error', 'image-repository', check, message)];
  }
  const { format } = repository;
  if (format === '' || format === 'DOCKER') return [];
  const message = `names the image ${image} in ${place}, a repository of format ${format}: images are in those of format DOCKER.`;
  return [finding('error', 'image-repository', check, message)];
}

/** What is found of the right to pull the image that is built, about this one. */
export const aboutThis = (check: Check, { level, fault }: AccessFinding): AccessFinding =>
  finding(level, 'image-pull', check, fault.message);
