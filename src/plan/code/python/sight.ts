import type { SyntaxNode } from '@lezer/common';
import { baseName } from '../paths.ts';
import type { Code } from './code.ts';
import { isHarmless, readsCommandLine } from './outside.ts';
import type { NamedCall } from './places.ts';
import { childrenOf, textOf } from './tree.ts';
import { literalText } from './values.ts';

/** Calls that load or start code by a name that is known only at run time. */
const LOADS =
  /^(?:importlib\.(?:import_module|util\.\w+|machinery\.\w+|reload)|runpy\.\w+|hydra\.utils\.(?:instantiate|call|get_class|get_method|get_object)|pkg_resources\.\w+|mlflow\.(?:projects\.)?run|mlflow\.pyfunc\.load_model|torch\.distributed\.(?:launcher|run)\..*)$/;
const STARTS =
  /^(?:subprocess\.(?:run|call|check_call|check_output|Popen|getoutput|getstatusoutput)|os\.(?:system|popen|exec\w+|spawn\w+|posix_spawn\w*))$/;
const BUILTINS = /^(?:exec|__import__)$/;
/** Programs that neither train nor report. */
const TOOLS = new Set(
  'apt-get bq cat chmod cp curl df du echo free gcloud git gsutil gunzip hostname ls lscpu mkdir mv nproc nvidia-smi pip pip3 rm sleep tar top touch tree uname unzip wget zip'.split(
    ' ',
  ),
);

/** Whether the program may run code that its imports do not name. */
export function runsUnseen(calls: readonly NamedCall[]): boolean {
  return calls.some((one) => {
    const { name, call, last } = one;
    if (name === undefined) return call.callee.name === 'VariableName' && BUILTINS.test(last);
    if (LOADS.test(name)) return true;
    return STARTS.test(name) && !isTool(one);
  });
}

function isTool({ call, module }: NamedCall): boolean {
  const command = call.arguments[0]?.value;
  const first = command?.name === 'ArrayExpression' ? childrenOf(command)[1] : command;
  const text = first && textStart(first, module.text);
  return text !== undefined && TOOLS.has(baseName(text.trim().split(/\s/, 1)[0] ?? ''));
}

function textStart(node: SyntaxNode, text: string): string | undefined {
  if (node.name === 'FormatString') return /^[fF]["']([\w./-]+ )/.exec(textOf(node, text))?.[1];
  return node.name === 'String' ? literalText(textOf(node, text)) : undefined;
}

/** Names that some harmless library gives to its own way of reading the command line. */
const CLASSES = /\.(?:LightningCLI|HfArgumentParser|ArgumentParser|TrlParser|CliApp)$/;
const COMMAND_LINE_LIBRARIES = /^(?:absl|argparse|click|fire|hydra|rich_click|typer|tyro)(?:\.|$)/;

/** Whether something other than the readers known here may take the command line. */
export function otherReaders({ outside }: Code, calls: readonly NamedCall[]): boolean {
  return [...outside].some(readsCommandLine) || calls.some(({ name }) => isForeignReader(name));
}

function isForeignReader(name: string | undefined): boolean {
  return name !== undefined && CLASSES.test(name) && !/^(?:argparse|transformers)\./.test(name);
}

/** Whether all code that could read the command line has been seen, and none does. */
export function readsNothing(code: Code, calls: readonly NamedCall[]): boolean {
  if (!code.whole || runsUnseen(calls) || otherReaders(code, calls)) return false;
  return ![...code.outside].some((module) => COMMAND_LINE_LIBRARIES.test(module) || !isHarmless(module));
}
