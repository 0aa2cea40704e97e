import { isSpecifier } from '../versions.ts';
import { type Marker, parseMarker } from './markers.ts';
import { normalName } from './names.ts';

/** A requirement as PEP 508 writes it: `name[extra]>=1.0; marker` or `name @ url ; marker`. */
export interface NamedRequirement {
  readonly name: string;
  readonly extras: readonly string[];
  readonly specifier: string;
  readonly url: string | undefined;
  readonly marker: Marker | undefined;
  /** What older installers only accept, and newer ones refuse; undefined where all is well. */
  readonly doubt: string | undefined;
}

const HEAD = /^([a-z0-9](?:[a-z0-9._-]*[a-z0-9])?)\s*(?:\[([^\][]*)\])?\s*/i;
const NAME = /^[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?$/i;

/** Longer texts are no requirement that anyone writes. */
export const MOST_CHARS = 8192;

/** Parses a requirement; a text says what is wrong with it. */
export function parseRequirement(text: string): NamedRequirement | string {
  if (text.length > MOST_CHARS) return `it has ${text.length} characters`;
  const head = HEAD.exec(text.trim());
  if (head === null) return 'it begins with no package name';
  const extras = (head[2] ?? '').split(',').map((extra) => extra.trim());
  const named = extras.filter((extra) => extra !== '');
  if (!named.every((extra) => NAME.test(extra))) return `[${head[2]}] is no list of extras`;
  const rest = text.trim().slice(head[0].length);
  const body = rest.startsWith('@') ? direct(rest.slice(1).trim()) : ranged(rest);
  if (typeof body === 'string') return body;
  return { name: normalName(head[1] ?? ''), extras: named.map(normalName), ...body };
}

type Body = Pick<NamedRequirement, 'specifier' | 'url' | 'marker' | 'doubt'>;

/** Behind `@`: the URL ends at a blank, and only then may a marker follow. */
function direct(rest: string): Body | string {
  const url = /^\S*/.exec(rest)?.[0] ?? '';
  if (url === '') return 'no URL follows the @';
  const tail = rest.slice(url.length).trim();
  if (tail === '') return { specifier: '', url, marker: undefined, doubt: undefined };
  if (tail.startsWith(';')) return marked(tail.slice(1), { specifier: '', url, doubt: undefined });
  const glued = url.indexOf(';');
  const doubt = 'a marker follows the URL without a blank before the ;, which pip alone reads as one';
  const body = marked(rest.slice(glued + 1), { specifier: '', url: url.slice(0, Math.max(0, glued)), doubt });
  return glued > 0 && typeof body !== 'string' ? body : `${JSON.stringify(tail)} follows the URL`;
}

function ranged(rest: string): Body | string {
  const cut = rest.indexOf(';');
  const written = (cut < 0 ? rest : rest.slice(0, cut)).trim();
  const bare = /^\((.*)\)$/s.exec(written)?.[1]?.trim() ?? written;
  const specifier = tidied(bare);
  if (/^,|,\s*,/.test(bare)) return `${JSON.stringify(bare.slice(0, 80))} is no version specifier`;
  const body = isSpecifier(specifier) ? { specifier, url: undefined, doubt: undefined } : mended(specifier);
  if (typeof body === 'string') return body;
  return cut < 0 ? { ...body, marker: undefined } : marked(rest.slice(cut + 1), body);
}

/** Without blanks around operators and commas, and without empty clauses. */
function tidied(specifier: string): string {
  const clauses = specifier.split(',').map((clause) => clause.trim().replace(/^([=<>!~]{1,3})\s+(?![=<>!~])/, '$1'));
  return clauses.filter((clause) => clause !== '').join(',');
}

/** pip before 24.1 read `>=2.0.*` as `>=2.0`; later ones refuse it. */
function mended(specifier: string): Omit<Body, 'marker'> | string {
  const plain = specifier
    .split(',')
    .map((clause) => clause.replace(/^(>=|<=|<|>|~=)(.*?)\.\*$/, '$1$2'))
    .join(',');
  if (isSpecifier(plain)) {
    return {
      specifier: plain,
      url: undefined,
      doubt: `${specifier} has a .* behind an operator other than == and !=, which pip refuses from 24.1 on: leave it out`,
    };
  }
  const hint = /^=[^=]/.test(specifier) ? '; a version is pinned by ==' : '';
  return `${JSON.stringify(specifier.slice(0, 80))} is no version specifier${hint}`;
}

function marked(text: string, body: Omit<Body, 'marker'>): Body | string {
  const marker = parseMarker(text.trim());
  return marker === undefined
    ? `${JSON.stringify(text.trim().slice(0, 80))} is no environment marker`
    : { ...body, marker };
}
