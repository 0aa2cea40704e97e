import type { Measurement, StudySpec, Trial } from '../../../vertex/types.ts';
import { scoreOf } from '../objective.ts';

/** What a trial reported at one place of its way. */
export interface CurvePoint {
  /** The step, or the seconds since the trial began. */
  readonly x: number;
  /** The value of the study's only metric, made so that more is better. */
  readonly y: number;
}

/** In rising order of `x`. */
export type Curve = readonly CurvePoint[];

function placeOf({ stepCount = '0', elapsedDuration = '0s' }: Measurement, usesTime: boolean): number {
  return usesTime ? Number.parseFloat(elapsedDuration) : Number(stepCount);
}

/** The measurements of a trial as a curve, over its steps or over its time. */
export function curveOf(study: StudySpec, { measurements = [] }: Trial, usesTime: boolean): Curve {
  return measurements
    .flatMap((measurement) => {
      const y = scoreOf(study, measurement);
      return y === undefined ? [] : [{ x: placeOf(measurement, usesTime), y }];
    })
    .sort((left, right) => left.x - right.x);
}

/** Where the curve ends; -Infinity for one without points. */
export const reach = (curve: Curve): number => curve.at(-1)?.x ?? Number.NEGATIVE_INFINITY;

/** The curve's height at `x`: between two points on the line that joins them, outside that of the nearest. */
export function heightAt(curve: Curve, x: number): number {
  const after = curve.findIndex((point) => point.x >= x);
  const right = curve[after] ?? curve.at(-1);
  const left = curve[after - 1] ?? right;
  if (left === undefined || right === undefined) return Number.NaN;
  if (right.x <= left.x || after < 0) return right.y;
  return left.y + ((right.y - left.y) * (x - left.x)) / (right.x - left.x);
}
