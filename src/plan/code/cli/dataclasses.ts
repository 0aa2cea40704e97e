import { type Definition, definitionOf, type NamedCall, placeOf } from '../python/places.ts';
import { textOf } from '../python/tree.ts';
import { type Field, fieldsOf, isPlain } from './fields.ts';
import { bothSpellings, Flags, type Reader, type Reading, type Seen } from './reading.ts';

/** transformers.HfArgumentParser: a flag for each field of the dataclasses it is given, on top of argparse. */
export const readHfArguments: Reader = (seen) => {
  const calls = seen.calls.filter(
    ({ name }) => name !== undefined && /^transformers\.(?:.*\.)?HfArgumentParser$/.test(name),
  );
  return readClasses(seen, calls, 'HfArgumentParser', () => true);
};

/** tyro.cli and simple_parsing.parse: a flag for each field, nested ones with a dot. */
export const readTyro: Reader = (seen) => {
  const calls = seen.calls.filter(({ name }) => name === 'tyro.cli' || name === 'simple_parsing.parse');
  return readClasses(seen, calls, 'tyro', isPlain);
};

function readClasses(
  seen: Seen,
  calls: readonly NamedCall[],
  library: string,
  plain: (field: Field) => boolean,
): Reading | undefined {
  const [first] = calls;
  if (first === undefined) return undefined;
  const flags = new Flags();
  for (const call of calls) addClasses(seen, call, plain, flags);
  if (!seen.code.read || seen.calls.some(isLax)) flags.open();
  if ([...seen.code.modules.values()].some((module) => module.imports.some(({ module: from }) => from === 'tyro.conf')))
    flags.open();
  const place = placeOf(first.module, first.call.node);
  return { library, place, flags: flags.places, prefixes: true, dashesAlike: true, others: flags.others };
}

/** Flags added by hand, by other names, or left over on purpose. */
function isLax({ last, module, call }: NamedCall): boolean {
  if (/^(?:add_argument|parse_known_args|add_arguments|conf|arg)$/.test(last)) return true;
  return call.arguments.some(
    ({ name, value }) =>
      /^(?:return_remaining_strings|return_unknown_args|aliases|look_for_args_file)$/.test(name ?? '') ||
      /aliases/.test(textOf(value, module.text).slice(0, 500)),
  );
}

function addClasses(seen: Seen, { module, call }: NamedCall, plain: (field: Field) => boolean, flags: Flags): void {
  const [given, ...others] = call.arguments;
  const named = given?.name !== undefined && given.name !== 'dataclass_types';
  if (given === undefined || others.length > 0 || given.star || named) {
    flags.open();
    return;
  }
  const { value } = given;
  const list = value.name === 'TupleExpression' || value.name === 'ArrayExpression';
  for (const one of list ? value.getChildren('VariableName') : [value]) {
    const definition = definitionOf(seen.code, module, one);
    if (definition) addFields(seen, definition, plain, flags);
    else flags.open();
  }
}

/** A function's parameters may be of any kind, and are not told from their fields. */
function addFields({ code }: Seen, definition: Definition, plain: (field: Field) => boolean, flags: Flags): void {
  const fields = fieldsOf(code, definition);
  if (fields === undefined || !fields.every(plain)) flags.open();
  for (const field of fields ?? []) {
    for (const flag of bothSpellings(field.name)) flags.add(flag, placeOf(field.definition.module, field.node));
  }
}
