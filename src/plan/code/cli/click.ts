import type { SyntaxNode } from '@lezer/common';
import { placeIn } from '../python/code.ts';
import type { PythonModule } from '../python/module.ts';
import { isHarmless } from '../python/outside.ts';
import { type NamedCall, placeOf } from '../python/places.ts';
import { textOf } from '../python/tree.ts';
import { textsOf } from '../python/values.ts';
import { Flags, type Reader, type Seen } from './reading.ts';

/** Options that click makes under a name of its own when none is given. */
const READY: Readonly<Record<string, string>> = {
  'click.confirmation_option': '--yes',
  'click.help_option': '--help',
  'click.password_option': '--password',
  'click.version_option': '--version',
};

/** click takes exactly the flags declared, without abbreviations (click.palletsprojects.com, Options). */
export const readClick: Reader = (seen) => {
  const calls = seen.calls.map((one) => ({ ...one, name: one.name?.replace(/^rich_click\./, 'click.') }));
  const first = calls.find(({ name }) => name === 'click.command' || name === 'click.group');
  if (first === undefined) return undefined;
  const flags = new Flags();
  for (const one of calls) {
    if (one.name === 'click.option') addOption(seen, one, flags);
    const ready = one.name === undefined ? undefined : READY[one.name];
    if (ready !== undefined) {
      flags.add(ready, placeOf(one.module, one.call.node));
      addOption(seen, one, flags);
    }
  }
  if (!seen.code.read || calls.some((one) => opens(seen, one))) flags.open();
  return {
    library: 'click',
    place: placeOf(first.module, first.call.node),
    flags: flags.places,
    prefixes: false,
    dashesAlike: false,
    others: flags.others,
  };
};

function addOption({ code }: Seen, { module, call }: NamedCall, flags: Flags): void {
  if (call.arguments.some(({ name }) => name === 'cls')) flags.open();
  for (const { name, star, value } of call.arguments) {
    if (name !== undefined || value.prevSibling?.name === '**') continue;
    const texts = star ? undefined : textsOf(code, module, value);
    if (texts === undefined) flags.open();
    const parts = (texts ?? []).flatMap((text) => text.split('/')).map((part) => part.trim());
    for (const part of parts) if (part.startsWith('-')) flags.add(part, placeOf(module, value));
  }
}

/** Settings that let unknown flags through, options made by hand, and decorators from outside that may add some. */
function opens({ code }: Seen, { name, module, call }: NamedCall): boolean {
  if (name === 'click.Option' || name === 'click.Command' || name === 'click.Group') return true;
  for (const argument of call.arguments) {
    if (argument.name === 'context_settings' && isLax(argument.value, module)) return true;
    if (argument.name === 'cls' && name?.startsWith('click.')) return true;
    if (/\bUNPROCESSED$/.test(textOf(argument.value, module.text).slice(-20))) return true;
  }
  if (call.decorated === undefined || name === undefined) return false;
  return placeIn(code, name) === undefined && !isHarmless(name) && name.includes('.');
}

const LAX = /ignore_unknown_options|allow_extra_args|token_normalize_func/;

/** Whether a `context_settings` may let unknown options through. */
export function isLax(value: SyntaxNode, module: PythonModule): boolean {
  if (value.name !== 'VariableName') return LAX.test(textOf(value, module.text).slice(0, 2000));
  const values = module.assigned.get(textOf(value, module.text));
  if (values === undefined) return true;
  return values.some((one) => one === undefined || LAX.test(textOf(one, module.text).slice(0, 2000)));
}
