import { ApiError } from '../../../src/google/api-error.ts';

type Labels = Readonly<Record<string, string>>;

/** The part of the filter grammar that is used here; anything else is refused, as the service would. */
export function passing(filter: string): (labels: Labels, state: string) => boolean {
  const tests = filter.split(' AND ').map((part) => {
    const label = /^labels\.([a-z-]+)="([^"]*)"$/.exec(part);
    if (label !== null) return (labels: Labels) => labels[label[1] ?? ''] === label[2];
    const state = /^state!="(?:JOB|PIPELINE)_STATE_([A-Z_]+)"$/.exec(part);
    if (state !== null) return (_: Labels, now: string) => now !== state[1];
    throw new ApiError(`Invalid filter: ${filter}`, 400);
  });
  return (labels, state) => tests.every((test) => test(labels, state));
}
