import { UserError } from '../faults.ts';
import { durationText } from '../plan/duration.ts';

export interface ReuseQuestion {
  readonly mode: 'auto' | 'always' | 'never';
  /** The image that carries the content's tag; undefined where there is none. */
  readonly existing: { readonly createdMs: number | undefined } | undefined;
  /** Undefined for no limit. */
  readonly maxAgeSeconds: number | undefined;
  readonly nowMs: number;
  /** The content's tag in full, for the message. */
  readonly name: string;
}

export type ReuseAnswer =
  | { readonly reuse: true; readonly why: string }
  /** `fresh` builds without any cache: what the packages' servers hold now is wanted. */
  | { readonly reuse: false; readonly why: string; readonly fresh: boolean };

/** Whether the image that is there will do. Throws UserError where only such a one may be used and there is none. */
export function decideReuse(question: ReuseQuestion): ReuseAnswer {
  const { mode, existing, name } = question;
  if (mode === 'always') return { reuse: false, why: 'build is always', fresh: false };
  if (existing === undefined) {
    if (mode === 'never') {
      throw new UserError(
        `build is never, and there is no image ${name}: what the build reads has changed, or was never built. Build it with build: auto first.`,
      );
    }
    return { reuse: false, why: `there is no ${name} yet`, fresh: false };
  }
  const age = tooOld(question, existing.createdMs);
  if (age === undefined || mode === 'never') return { reuse: true, why: `nothing that the build reads has changed` };
  return { reuse: false, why: age, fresh: true };
}

function tooOld({ maxAgeSeconds, nowMs }: ReuseQuestion, createdMs: number | undefined): string | undefined {
  if (maxAgeSeconds === undefined || createdMs === undefined) return undefined;
  const ageSeconds = (nowMs - createdMs) / 1000;
  if (ageSeconds <= maxAgeSeconds) return undefined;
  return `the image is ${durationText(ageSeconds)} old, and max_image_age is ${durationText(maxAgeSeconds)}`;
}
