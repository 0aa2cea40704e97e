import { closestMatch } from 'leven';
import { type Fault, faultText, shown } from '../faults.ts';
import { ofItem } from '../inputs/hardware.ts';
import type { Place } from '../log.ts';
import { mayFindLater } from './network-rules.ts';

/** Where a part of the request came from. */
export interface Origin {
  readonly input?: string | undefined;
  readonly place?: Place | undefined;
  /** The item of fallback_hardware that gives it in the input's stead, by its number. */
  readonly item?: number | undefined;
}

/** Where each part of the request came from, by its path: `spec.workerPoolSpecs[0].machineSpec`. */
export class Origins {
  readonly #byPath = new Map<string, Origin>();

  set(path: string, origin: Origin): void {
    this.#byPath.set(path, origin);
  }

  /** A copy, in which the given parts came from elsewhere. */
  over(parts: Iterable<readonly [path: string, origin: Origin]>): Origins {
    const copy = new Origins();
    for (const [path, origin] of [...this.#byPath, ...parts]) copy.set(path, origin);
    return copy;
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
  const { input, place, item } = origins.of(finding.path);
  const shownPath = finding.path.replace(/^(?:spec|study)\.?/, '');
  const named = input === undefined && shownPath !== '' ? `${shownPath}: ` : '';
  const fault = { rule: finding.rule, input, place, message: `${named}${finding.message}` };
  return item === undefined ? fault : ofItem(fault, item);
}

/** What an input gives to every worker pool is found wrong in each of them, and is told once. */
function onceEach(faults: readonly Fault[]): readonly Fault[] {
  const texts = faults.map(faultText);
  return faults.filter((_, index) => texts.indexOf(texts[index] ?? '') === index);
}

/** Findings on their inputs and places, by level. */
export function leveled(findings: readonly Finding[], origins: Origins): Omit<Judgement, 'notes'> {
  const at = (level: Finding['level']) =>
    onceEach(findings.filter((each) => each.level === level).map((each) => placed(each, origins)));
  return { errors: at('error'), warnings: at('warning') };
}

/**
 * Turns the findings of the named rules into notes. A name that no finding has is told as a warning: it may be a slip,
 * or have outlived its reason.
 */
export function ignoring(found: Omit<Judgement, 'notes'>, ignore: readonly string[]): Judgement {
  const rules = new Set(ignore);
  const ignored = ({ rule }: Fault) => rules.has(rule);
  const all = [...found.errors, ...found.warnings];
  const idle = ignore.filter((name) => !mayFindLater(name) && !all.some(({ rule }) => rule === name));
  return {
    errors: found.errors.filter((fault) => !ignored(fault)),
    warnings: [...found.warnings.filter((fault) => !ignored(fault)), ...idle.map((name) => idleIgnore(name, all))],
    notes: all.filter(ignored),
  };
}

function idleIgnore(name: string, found: readonly Fault[]): Fault {
  const nearest = closestMatch(name, [...new Set(found.map(({ rule }) => rule))]);
  const hint = nearest === undefined ? '' : `; the nearest that found something is ${nearest}`;
  return {
    rule: 'ignore-idle',
    input: 'ignore',
    message: `names ${shown(name)}, a rule that found nothing here${hint}.`,
  };
}
