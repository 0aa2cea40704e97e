import type { SyntaxNode } from '@lezer/common';
import { resolve } from '../python/code.ts';
import { attributeOf, childrenOf } from '../python/tree.ts';
import type { Seen } from './reading.ts';

/** What a program does with `sys.argv` by itself. */
export interface ArgvUse {
  readonly read: boolean;
  /** It puts something else in its place, so that a parser sees other words than the job gave. */
  readonly changed: boolean;
}

const MUTATORS = /^(?:append|clear|extend|insert|pop|remove|reverse|sort)$/;

export function argvUse({ code }: Seen): ArgvUse {
  let read = false;
  let changed = false;
  for (const module of code.modules.values()) {
    const imported = module.imports.some(
      ({ module: from, name }) => from === 'sys' && (name === 'argv' || name === 'orig_argv'),
    );
    read ||= imported;
    changed ||= imported;
    for (const node of module.members) {
      if (!/^sys\.(?:orig_)?argv$/.test(resolve(code, module, node) ?? '')) continue;
      read = true;
      changed ||= isChange(node, module.text);
    }
  }
  return { read, changed };
}

/** `sys.argv = …`, `sys.argv[1:] = …`, `sys.argv += …`, `del sys.argv[1]`, `sys.argv.pop()`. */
function isChange(node: SyntaxNode, text: string): boolean {
  let whole = node;
  while (whole.parent?.name === 'MemberExpression' && whole.parent.firstChild?.from === whole.from) {
    whole = whole.parent;
    if (MUTATORS.test(attributeOf(whole, text) ?? '')) return true;
  }
  const { parent } = whole;
  if (parent === null || !/^(?:Assign|Update|Delete)Statement$/.test(parent.name)) return false;
  if (parent.name === 'DeleteStatement') return true;
  const last = childrenOf(parent).findLast(({ name }) => name === 'AssignOp' || name === 'UpdateOp');
  return last !== undefined && whole.to <= last.from;
}
