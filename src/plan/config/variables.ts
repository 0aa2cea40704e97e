import { shown } from '../../faults.ts';

export interface Substituted {
  readonly text: string;
  /** Names that stand in the text and have no value. */
  readonly unknown: readonly string[];
}

/**
 * Replaces `${NAME}` by the variable of that name; `$${` stays `${`, and a `$` before anything else is kept. Values are
 * put in as they are and not looked through again.
 */
export function substitute(text: string, variables: ReadonlyMap<string, string>): Substituted {
  const unknown: string[] = [];
  // Behind the last brace no name ends: the pattern would look for its end from every ${ on.
  const end = text.lastIndexOf('}') + 1;
  const replaced = text.slice(0, end).replace(/\$\$\{|\$\{([^}]*)\}/g, (match, name: string | undefined) => {
    if (name === undefined) return '${';
    const value = variables.get(name);
    if (value === undefined) unknown.push(name);
    return value ?? match;
  });
  return { text: replaced + text.slice(end).replaceAll('$${', '${'), unknown };
}

/** The accepted names, for a message. */
export function variableNames(variables: ReadonlyMap<string, string>): string {
  return variables.size === 0
    ? 'The input variables is empty'
    : `variables holds ${[...variables.keys()].map(shown).join(', ')}`;
}
