import type { Fault } from '../faults.ts';
import type { Place } from '../log.ts';

/** Where a part of the request came from. */
export interface Origin {
  readonly input?: string | undefined;
  readonly place?: Place | undefined;
}

/** Where each part of the request came from, by its path: `spec.workerPoolSpecs[0].machineSpec`. */
export class Origins {
  readonly #byPath = new Map<string, Origin>();

  set(path: string, origin: Origin): void {
    this.#byPath.set(path, origin);
  }

  /** The origin of a path, or of the nearest part around it; empty where nobody gave it. */
  of(path: string): Origin {
    for (let part = path; part !== ''; part = part.replace(/(?:^|\.|\[)[^.[]*$/, '')) {
      const origin = this.#byPath.get(part);
      if (origin !== undefined) return origin;
    }
    return this.#byPath.get('') ?? {};
  }
}

/** What a rule found in the request. */
export interface Finding {
  readonly level: 'error' | 'warning';
  readonly rule: string;
  /** The part of the request it concerns. */
  readonly path: string;
  /** What was found, what is accepted, and the mend. */
  readonly message: string;
}

/** Findings by what becomes of them. */
export interface Judgement {
  readonly errors: readonly Fault[];
  readonly warnings: readonly Fault[];
  /** Findings that `ignore` names: told, but without weight. */
  readonly notes: readonly Fault[];
}

/** Puts each finding where its part came from: on the input, or on the config's line. */
export function placed(finding: Finding, origins: Origins): Fault {
  const { input, place } = origins.of(finding.path);
  const shownPath = finding.path.replace(/^(?:spec|study)\.?/, '');
  const named = input === undefined && shownPath !== '' ? `${shownPath}: ` : '';
  return { rule: finding.rule, input, place, message: `${named}${finding.message}` };
}

/** Sorts findings into errors, warnings and notes. */
export function judged(findings: readonly Finding[], origins: Origins, ignore: ReadonlySet<string>): Judgement {
  const at = (level: Finding['level'], ignored: boolean) =>
    findings
      .filter((each) => each.level === level && ignore.has(each.rule) === ignored)
      .map((each) => placed(each, origins));
  return {
    errors: at('error', false),
    warnings: at('warning', false),
    notes: [...at('error', true), ...at('warning', true)],
  };
}
