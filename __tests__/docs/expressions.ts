/** What GitHub puts in place of the expressions of a page, as far as a plan needs it. */

export type Matrix = Readonly<Record<string, unknown>>;

const RUN: Readonly<Record<string, string>> = {
  'github.event.number': '7',
  'github.event.pull_request.number': '7',
  'github.event_name': 'push',
  'github.ref': 'refs/heads/main',
  'github.ref_name': 'main',
  'github.repository': 'octo-org/digits',
  'github.run_attempt': '1',
  'github.run_id': '9000000001',
  'github.run_number': '12',
  'github.sha': '0'.repeat(40),
  'github.token': 'a-token',
  'github.workspace': '/workspace',
  'runner.temp': '/runner/temp',
};
/** Contexts that only a run can know: an input that holds one is left out. */
const UNKNOWN = /^(?:vars|env|inputs|needs|steps|fromJSON)\b/;
/** Of these, inputs that a step has to have. */
const NEEDED: Readonly<Record<string, string>> = { project_id: 'my-project', region: 'us-central1' };
/** Inputs that go together: without the one, the other is left out too. */
const PAIRS = [
  ['workload_identity_provider', 'service_account'],
  ['registry_username', 'registry_password'],
];

function legValue(name: string, matrix: Matrix, course: number): string | undefined {
  const values = matrix[name];
  const legs = Array.isArray(matrix['include']) ? matrix['include'] : [];
  const listed: unknown[] = Array.isArray(values) ? values : legs.map((leg) => (leg as Matrix)[name] ?? '');
  // A matrix that an expression makes has legs that only a run knows.
  if (listed.length === 0) return undefined;
  return String(listed[course % listed.length]);
}

/** The value of an expression, where a condition goes the first way (course 0) or the second; undefined where only a run knows. */
function outcomeOf(expression: string, matrix: Matrix, course: number): string | undefined {
  const [, yes, no] =
    /^[^|]+? && ([^|]+) \|\| ([^|]+)$/.exec(expression) ?? /^([^|]+) \|\| ([^|]+)$/.exec(expression) ?? [];
  if (yes !== undefined && no !== undefined) return outcomeOf(course === 0 ? yes : no, matrix, course);
  const [, literal] = /^'([^']*)'$/.exec(expression) ?? [];
  if (literal !== undefined) return literal;
  if (expression.startsWith('secrets.')) return 'a-secret';
  const [, leg] = /^matrix\.([\w-]+)/.exec(expression) ?? [];
  if (leg !== undefined) return legValue(leg, matrix, course);
  if (UNKNOWN.test(expression)) return undefined;
  const known = RUN[expression];
  if (known === undefined) throw new Error(`say in __tests__/docs/expressions.ts what ${expression} stands for`);
  return known;
}

/** Inputs without their expressions; those that only a run knows are left out. Throws for an expression of no known kind. */
export function evaluated(
  inputs: Readonly<Record<string, string>>,
  matrix: Matrix,
  course: number,
): Readonly<Record<string, string>> {
  const rows = Object.entries(inputs).map(([name, text]): readonly [string, string | undefined] => {
    let known = true;
    const value = text.replace(/\$\{\{\s*([\s\S]*?)\s*\}\}/g, (_, expression: string) => {
      const found = outcomeOf(expression, matrix, course);
      known &&= found !== undefined;
      return found ?? '';
    });
    return [name, known ? value : NEEDED[name]];
  });
  const unknown = rows.flatMap(([name, value]) => (value === undefined ? [name] : []));
  const out = [...unknown, ...PAIRS.filter((pair) => pair.some((name) => unknown.includes(name))).flat()];
  return Object.fromEntries(
    rows.flatMap(([name, value]) => (value === undefined || out.includes(name) ? [] : [[name, value]])),
  );
}
