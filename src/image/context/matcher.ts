import type { ContextPath } from './paths.ts';

/** One line of an ignore file. */
export interface IgnoreRule {
  /** The cleaned pattern, without the exclamation mark of an exception. */
  readonly pattern: string;
  readonly exception: boolean;
  matches(path: Pick<ContextPath, 'text'>): boolean;
}

/** Whether a path is ignored, and what those below it need to know of it. */
export interface Judged {
  readonly ignored: boolean;
  /** For each rule, whether it took the path or a folder around it. */
  readonly taken: readonly boolean[];
}

/**
 * Judges a path by the rules, the last match deciding, as MatchesUsingParentResults of moby/patternmatcher does, the
 * one by which clients walk the context: a rule that took the folder takes what lies in it, except where an earlier rule
 * had already settled the folder, when it is not looked at.
 */
export function judge(rules: readonly IgnoreRule[], path: ContextPath, around: Judged | undefined): Judged {
  return judgeBy(() => true, false, rules, path, around);
}

/**
 * Judges a path at or below a `.git`: it is ignored, unless an exception takes it that has `.git` among the names of its
 * pattern; `!**` was not written for `.git`.
 */
export function judgeGit(rules: readonly IgnoreRule[], path: ContextPath, around: Judged | undefined): Judged {
  return judgeBy((rule) => !rule.exception || namesGit(rule), true, rules, path, around);
}

export const namesGit = ({ pattern }: Pick<IgnoreRule, 'pattern'>) => pattern.split('/').includes('.git');

function judgeBy(
  counts: (rule: IgnoreRule) => boolean,
  start: boolean,
  rules: readonly IgnoreRule[],
  path: ContextPath,
  around: Judged | undefined,
): Judged {
  let ignored = start;
  const taken = rules.map((rule, index) => {
    if (!counts(rule)) return false;
    const takes = around?.taken[index] === true || (rule.exception === ignored && rule.matches(path));
    if (takes) ignored = !rule.exception;
    return takes;
  });
  return { ignored, taken };
}

/** Wildcards that make an exception match at unforeseeable places; trailing ones are taken off before. */
const WILD = /[*[\]?^\\]/;

/** Tells of an ignored folder whether an exception may take something below it. */
export function exceptionsBelow(rules: readonly IgnoreRule[]): (folder: ContextPath) => boolean {
  const exceptions = rules
    .filter(({ exception }) => exception)
    .map(({ pattern }) => pattern.replace(/\/\*\*$/, '').replace(/\/\*$/, ''));
  if (exceptions.some((pattern) => WILD.test(pattern))) return () => true;
  return ({ text }) => exceptions.some((pattern) => `${pattern}/`.startsWith(`${text}/`));
}
