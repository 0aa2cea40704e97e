import type { Faults } from './collect.ts';
import { parseList } from './collections.ts';
import type { Inputs } from './inputs.ts';
import type { RawInputs } from './raw.ts';
import { parseImage, parsePattern } from './scalars.ts';
import { parseProject } from './sign-in.ts';

export const IMAGE_MISSING =
  'is missing. Name the image to push, such as us-central1-docker.pkg.dev/my-project/training/mnist.';

/** Where the job runs, and where its image goes. */
export function parsePlace(faults: Faults, raw: RawInputs): Pick<Inputs, 'projectId' | 'region' | 'regions' | 'image'> {
  const projectId = parseProject(faults, raw);
  const regions = parseRegions(faults, raw);
  const [region = ''] = regions;
  const image = parseImage(faults, 'image', raw('image'));
  // A config may bring every image itself: whether one is built, the plan knows.
  if (raw('image') === '' && region !== 'local' && raw('config').trim() === '' && raw('job') === '') {
    faults.add('required', 'image', IMAGE_MISSING);
  }
  return { projectId, region, regions, image };
}

const REGION = /^(?:local|[a-z]+-[a-z]+\d{1,2})$/;

/** Each region once, in order of preference. */
function parseRegions(faults: Faults, raw: RawInputs): readonly string[] {
  const regions = [...new Set(parseList(faults, 'region', raw('region')))];
  if (regions.length === 0)
    faults.add('required', 'region', "is missing. Name a region such as us-central1, or 'local'.");
  for (const region of regions) {
    parsePattern(
      faults,
      'region',
      region,
      'region',
      REGION,
      'Write a region (not a zone) such as us-central1, or local.',
    );
  }
  if (regions.length > 1 && regions.includes('local')) {
    const others = regions.filter((region) => region !== 'local').join(', ');
    faults.add('region-local', 'region', `names local beside ${others}. This machine goes alone: remove one of both.`);
  }
  return regions;
}
