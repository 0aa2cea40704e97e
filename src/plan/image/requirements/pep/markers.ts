import type { Environment } from '../types.ts';
import { isSpecifier, parseVersion, satisfies } from '../versions.ts';
import { normalName } from './names.ts';

/** An environment marker of PEP 508, such as `python_version < '3.11' and sys_platform == 'linux'`. */
export type Marker =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Marker[] }
  | { readonly kind: 'compare'; readonly left: Value; readonly operator: string; readonly right: Value };

interface Value {
  readonly text: string;
  /** A variable's name, not a quoted text. */
  readonly variable: boolean;
}

const TOKEN = /\s*(?:('[^']*'|"[^"]*")|([A-Za-z_][\w.]*)|(===|~=|==|!=|<=|>=|<|>|\(|\)))/y;
const MOST_DEPTH = 64;
const MOST_CHARS = 16_384;

const VARIABLES: Readonly<Record<string, string>> = {
  'os.name': 'os_name',
  'sys.platform': 'sys_platform',
  'platform.version': 'platform_version',
  'platform.machine': 'platform_machine',
  'platform.python_implementation': 'platform_python_implementation',
  python_implementation: 'platform_python_implementation',
};
const KNOWN = new Set([
  ...['os_name', 'sys_platform', 'platform_machine', 'platform_python_implementation', 'platform_release'],
  ...['platform_system', 'platform_version', 'python_version', 'python_full_version', 'implementation_name'],
  ...['implementation_version', 'extra', 'extras', 'dependency_groups'],
]);

/** Parses a marker; undefined where PEP 508 does not know it. */
export function parseMarker(text: string): Marker | undefined {
  const tokens = text.length > MOST_CHARS ? undefined : tokenised(text);
  if (tokens === undefined) return undefined;
  const parser = new Parser(tokens);
  const marker = parser.either(0);
  return parser.atEnd() ? marker : undefined;
}

function tokenised(text: string): string[] | undefined {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  let end = 0;
  for (let match = TOKEN.exec(text); match !== null; match = TOKEN.exec(text)) {
    tokens.push(match[0].trim());
    end = TOKEN.lastIndex;
  }
  return text.slice(end).trim() === '' ? tokens : undefined;
}

class Parser {
  private at = 0;
  private readonly tokens: readonly string[];

  constructor(tokens: readonly string[]) {
    this.tokens = tokens;
  }

  atEnd(): boolean {
    return this.at === this.tokens.length;
  }

  either(depth: number): Marker | undefined {
    return this.joined('or', () => this.joined('and', () => this.one(depth)));
  }

  private joined(kind: 'and' | 'or', part: () => Marker | undefined): Marker | undefined {
    const parts: Marker[] = [];
    do {
      const one = part();
      if (one === undefined) return undefined;
      parts.push(one);
    } while (this.take(kind));
    return parts.length === 1 ? parts[0] : { kind, parts };
  }

  private take(token: string): boolean {
    if (this.tokens[this.at] !== token) return false;
    this.at += 1;
    return true;
  }

  private one(depth: number): Marker | undefined {
    if (this.take('(')) {
      const inner = depth < MOST_DEPTH ? this.either(depth + 1) : undefined;
      return this.take(')') ? inner : undefined;
    }
    const left = this.value();
    const operator = this.operator();
    const right = this.value();
    if (left === undefined || operator === undefined || right === undefined) return undefined;
    return { kind: 'compare', left, operator, right };
  }

  private operator(): string | undefined {
    if (this.take('in')) return 'in';
    if (this.take('not')) return this.take('in') ? 'not in' : undefined;
    const token = this.tokens[this.at];
    if (token === undefined || !/^[~=!<>]/.test(token)) return undefined;
    this.at += 1;
    return token;
  }

  private value(): Value | undefined {
    const token = this.tokens[this.at] ?? '';
    this.at += 1;
    if (/^['"]/.test(token)) return { text: token.slice(1, -1), variable: false };
    const text = Object.hasOwn(VARIABLES, token) ? VARIABLES[token] : token;
    return text !== undefined && KNOWN.has(text) ? { text, variable: true } : undefined;
  }
}

/** What a marker is evaluated in. */
export interface Scope extends Environment {
  /** Active extras, and dependency groups, normalised. */
  readonly extras: ReadonlySet<string>;
}

/** Whether a marker holds; undefined where it asks for what is not known here, as the kernel's release. */
export function holds(marker: Marker, scope: Scope): boolean | undefined {
  if (marker.kind === 'compare') return compared(marker, scope);
  const parts = marker.parts.map((part) => holds(part, scope));
  const decisive = marker.kind === 'or';
  if (parts.includes(decisive)) return decisive;
  return parts.includes(undefined) ? undefined : !decisive;
}

const SETS = new Set(['extra', 'extras', 'dependency_groups']);

function compared({ left, operator, right }: Marker & { kind: 'compare' }, scope: Scope): boolean | undefined {
  for (const [variable, value] of [[left, right] as const, [right, left] as const]) {
    if (variable.variable && SETS.has(variable.text)) {
      const active = scope.extras.has(normalName(value.text));
      return operator === '!=' || operator === 'not in' ? !active : active;
    }
  }
  const one = valued(left, scope);
  const other = valued(right, scope);
  if (one === undefined || other === undefined) return undefined;
  const versions = /version$/.test(left.variable ? left.text : '') || /version$/.test(right.variable ? right.text : '');
  return versions ? asVersions(one, operator, other) : asTexts(one, operator, other);
}

function valued(value: Value, { python, machine }: Scope): string | undefined {
  if (!value.variable) return value.text;
  const values: Record<string, string> = {
    os_name: 'posix',
    sys_platform: 'linux',
    platform_system: 'Linux',
    platform_machine: machine,
    platform_python_implementation: 'CPython',
    implementation_name: 'cpython',
    python_version: python.split('.').slice(0, 2).join('.'),
    python_full_version: fullPython(python),
    implementation_version: fullPython(python),
  };
  return values[value.text];
}

/** Images carry a late patch of their Python; which one is not known. */
const fullPython = (python: string) => (python.split('.').length > 2 ? python : `${python}.99`);

/** As PEP 508 says: by PEP 440 where both sides are versions, else as texts. */
function asVersions(one: string, operator: string, other: string): boolean | undefined {
  if (parseVersion(one) !== undefined && isSpecifier(`${operator}${other}`))
    return satisfies(one, `${operator}${other}`);
  return asTexts(one, operator, other);
}

function asTexts(one: string, operator: string, other: string): boolean | undefined {
  if (operator === 'in') return other.includes(one);
  if (operator === 'not in') return !other.includes(one);
  if (operator === '==' || operator === '===') return one === other;
  if (operator === '!=') return one !== other;
  if (operator === '<' || operator === '<=') return operator === '<=' ? one <= other : one < other;
  if (operator === '>' || operator === '>=') return operator === '>=' ? one >= other : one > other;
  return undefined;
}
