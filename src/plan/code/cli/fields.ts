import type { SyntaxNode } from '@lezer/common';
import { type Code, resolve } from '../python/code.ts';
import { type Definition, decoratorsOf, definitionOf } from '../python/places.ts';
import { argumentsOf, childrenOf, textOf } from '../python/tree.ts';

/** A named field of a dataclass. */
export interface Field {
  readonly name: string;
  readonly annotation: SyntaxNode;
  readonly node: SyntaxNode;
  readonly definition: Definition;
}

const MAKERS =
  /^(?:dataclasses\.dataclass|attr\.(?:s|dataclass)|attrs\.(?:define|frozen|mutable)|flax\.struct\.dataclass)$/;

/** The fields of a dataclass and of its bases; undefined where some of it is not the repository's. */
export function fieldsOf(code: Code, definition: Definition, depth = 0): Field[] | undefined {
  const { module, node } = definition;
  if (node.name !== 'ClassDefinition' || depth > 5) return undefined;
  const made = decoratorsOf(node).some((one) => MAKERS.test(resolve(code, module, one) ?? ''));
  if (!made) return undefined;
  const inherited = basesOf(code, definition, depth);
  return inherited && [...inherited, ...ownFields(definition)];
}

/** More bases than this no one follows. */
const MOST_BASES = 5;

function basesOf(code: Code, { module, node }: Definition, depth: number): Field[] | undefined {
  const found: Field[] = [];
  const bases = argumentsOf(node.getChild('ArgList'), module.text);
  if (bases.length > MOST_BASES) return undefined;
  for (const { value, name } of bases) {
    const base = name === undefined ? definitionOf(code, module, value) : undefined;
    const fields = base && fieldsOf(code, base, depth + 1);
    if (fields === undefined) return undefined;
    found.push(...fields);
  }
  return found;
}

function ownFields(definition: Definition): Field[] {
  const { module, node } = definition;
  const found: Field[] = [];
  const body = node.getChild('Body');
  for (const statement of body ? childrenOf(body) : []) {
    const annotation = statement.getChild('TypeDef')?.lastChild;
    const target = statement.firstChild;
    if (statement.name === 'AssignStatement' && target?.name === 'VariableName' && annotation) {
      found.push({ name: textOf(target, module.text), annotation, node: statement, definition });
    }
  }
  return found;
}

const SIMPLE =
  /^(?:typing\.|t\.)?(?:Optional\[)?["']?(?:int|float|str|bool|(?:pathlib\.)?Path|(?:typing\.)?Literal\[[^\]]*\]|(?:[Ll]ist|[Tt]uple|[Ss]equence)\[\s*(?:int|float|str|Path)(?:\s*,\s*(?:int|float|str|\.\.\.))*\s*\])["']?\]?(?:\s*\|\s*None)?["']?$/;

/** Whether an annotation says one plain value, which is one flag of the field's name. */
export function isPlain({ annotation, definition }: Field): boolean {
  return SIMPLE.test(textOf(annotation, definition.module.text).slice(0, 200));
}
