import type { Code } from '../python/code.ts';
import { isHarmless } from '../python/outside.ts';
import { type NamedCall, placeOf } from '../python/places.ts';
import { textsOf } from '../python/values.ts';
import { Flags, type Reader } from './reading.ts';

const DEFINE = /^(?:absl|tensorflow(?:\.compat\.v1)?(?:\.app)?)\.flags\.DEFINE_(\w+)$/;
const RUN = /^(?:absl|tensorflow(?:\.compat\.v1)?)\.app\.run$/;

/** Flags that absl itself declares (absl/flags, absl/app, absl/logging). */
const OWN =
  `alsologtostderr flagfile help helpfull helpshort helpxml log_dir logger_levels logtostderr only_check_args pdb
pdb_post_mortem profile_file run_with_pdb run_with_profiling showprefixforinfo stderrthreshold undefok use_cprofile_for_profiling
v verbosity`.split(/\s+/);

/** absl takes the flags of every module that is imported, by their exact names (abseil.io/docs/python/guides/flags). */
export const readAbsl: Reader = ({ code, calls }) => {
  const first = calls.find(({ name }) => DEFINE.test(name ?? ''));
  if (first === undefined) return undefined;
  const flags = new Flags();
  for (const call of calls) {
    const kind = DEFINE.exec(call.name ?? '')?.[1];
    if (kind !== undefined) addFlag(code, call, kind, flags);
    else if (opens(call)) flags.open();
  }
  const runs = calls.some(({ name }) => RUN.test(name ?? ''));
  if (!runs || !code.read || ![...code.outside].every(isHarmless)) flags.open();
  const place = placeOf(first.module, first.call.node);
  for (const name of OWN) flags.add(`--${name}`, place);
  const own = new Set(OWN.map((name) => `--${name}`));
  return { library: 'absl', place, own, flags: flags.places, prefixes: true, dashesAlike: false, others: flags.others };
};

/** Flags of another maker, or a parser that lets unknown ones through. */
function opens({ last, call }: NamedCall): boolean {
  return (
    last.startsWith('DEFINE_') || call.arguments.some(({ name }) => /^(?:known_only|flags_parser)$/.test(name ?? ''))
  );
}

function addFlag(code: Code, { module, call }: NamedCall, kind: string, flags: Flags): void {
  const given =
    call.arguments.find(({ name }) => name === 'name') ?? call.arguments.find(({ name }) => name === undefined);
  const texts = given && !given.star ? textsOf(code, module, given.value) : undefined;
  if (texts === undefined) flags.open();
  const place = placeOf(module, call.node);
  for (const text of texts ?? []) {
    flags.add(`--${text}`, place);
    if (/^bool/.test(kind)) flags.add(`--no${text}`, place);
  }
}
