import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { RULES } from '../../../src/plan/code/judge.ts';
import { verdict } from './repository.ts';

const names = new Set(RULES.map(({ name }) => name));
const ASKED = { parameters: ['lr', 'x_y'], metrics: ['accuracy'], args: ['--a', 'b'] };

/** The verdict is made in a moment of this process's own time, and of known rules only. */
function isSound(files: Readonly<Record<string, string>>): void {
  const before = process.cpuUsage();
  for (const line of verdict(files, ASKED)) {
    const rule = / \[([a-z-]+)\]$/.exec(line)?.[1] ?? line;
    if (!names.has(rule)) throw new Error(line);
  }
  expect(process.cpuUsage(before).user / 1000).toBeLessThan(1500);
}

const soup = (...pieces: readonly string[]) =>
  fc
    .array(fc.oneof({ weight: 8, arbitrary: fc.constantFrom(...pieces) }, { weight: 1, arbitrary: fc.string() }), {
      maxLength: 60,
    })
    .map((parts) => parts.join(''));

const DOCKERFILE = 'FROM python:3.12\nCOPY . /app/\nWORKDIR /app\nRUN pip install -r r.txt\n';
const ENTRY = `${DOCKERFILE}ENTRYPOINT ["python", "t.py"]\n`;

describe('any text is judged, in a moment', () => {
  test('Dockerfiles', () => {
    const words = soup(
      ...'FROM|ARG|ENV|COPY|ADD|RUN|CMD|ENTRYPOINT|SHELL|WORKDIR|ONBUILD|AS|--from=|--platform=|$|{|}|:-|"|\'|[|]|,|\\|`|#|<<EOF|EOF|\n|\n\n| |=|python|t.py|./|*|/app|bash|-c|"$@"|exec|# escape=`\n'.split(
        '|',
      ),
    );
    fc.assert(
      fc.property(words, fc.boolean(), (text, whole) => {
        isSound({ Dockerfile: whole ? text : DOCKERFILE + text, 't.py': 'import sys\n', 'a/t.py': '' });
      }),
      { numRuns: 400 },
    );
  });

  test('Python', () => {
    const words = soup(
      ...'import |from |argparse|click|fire|hypertune|typer|absl| as |.|..|*|**|(|)|[|]|{|}|:|,|=|"|\'|"""|f"|\\|\n|\n    |\t|def |class |lambda |@|if __name__ == "__main__":|parser|ArgumentParser|add_argument|parse_args|option|command|Fire|DEFINE_float|flags|report_hyperparameter_tuning_metric|sys.argv|self|--lr|accuracy|+|for |in |with |match |case |async |await |#|🙂'.split(
        '|',
      ),
    );
    fc.assert(
      fc.property(words, words, (text, other) => {
        isSound({ Dockerfile: ENTRY, 't.py': `import parser, click\n${text}`, 'parser.py': other, 'r.txt': '' });
      }),
      { numRuns: 400 },
    );
  });

  test('requirements, shell scripts and project files', () => {
    const words = soup(
      ...'-r |r.txt|s.txt|-e |.|..|/|git+https://|@|cloudml-hypertune|==|\\|\n|#| |"|\'|$@|"$@"|exec |python t.py|cd |$(|)|`|$|{|}|<<EOF\n|EOF\n|;|&&|||{|}|if |fi|case |esac|source |pip install '.split(
        '|',
      ),
    );
    fc.assert(
      fc.property(words, words, (requirements, script) => {
        const Dockerfile = `${DOCKERFILE}RUN ${script.replace(/\n/g, ' ')}\nENTRYPOINT ["sh", "s.sh"]\n`;
        isSound({ Dockerfile, 'r.txt': requirements, 's.txt': script, 's.sh': script, 't.py': 'import hypertune' });
      }),
      { numRuns: 400 },
    );
  });

  test('a script that starts itself, requirements that include themselves', () => {
    const Dockerfile = `${DOCKERFILE}ENTRYPOINT ["sh", "s.sh"]\n`;
    isSound({ Dockerfile, 's.sh': 'sh s.sh\n'.repeat(50), 'r.txt': '-r r.txt\n'.repeat(500) });
  });

  test.each([
    { name: 'deep brackets', text: '('.repeat(50_000) },
    { name: 'deep blocks', text: Array.from({ length: 500 }, (_, depth) => `${' '.repeat(depth)}if x:`).join('\n') },
    { name: 'a long sum', text: `x = ${'"a" + '.repeat(20_000)}"b"\nprint(x)` },
    {
      name: 'names that stand for one another',
      text: Array.from({ length: 3000 }, (_, n) => `a${n} = a${n + 1}`).join('\n'),
    },
    {
      name: 'a name that stands for itself',
      text: 'import argparse\na = a + a\nargparse.ArgumentParser().add_argument(a)',
    },
    { name: 'many calls', text: 'parser.add_argument("--a")\n'.repeat(10_000) },
    { name: 'many imports', text: Array.from({ length: 5000 }, (_, n) => `import a.b.c.m${n}`).join('\n') },
    { name: 'quotes without end', text: '"""'.repeat(10_001) },
    { name: 'brackets of every kind', text: '{[(f"{'.repeat(10_000) },
  ])('a program of $name', ({ text }) => {
    isSound({ Dockerfile: ENTRY, 't.py': `import argparse\nargparse.ArgumentParser().parse_args()\n${text}` });
  });

  test.each([
    { name: 'an instruction over many lines', text: `RUN a \\\n${' b \\\n'.repeat(20_000)}` },
    {
      name: 'stages that copy from one another',
      text:
        Array.from({ length: 10 }, (_, n) => `FROM a AS s${n}\n${`COPY --from=s${n - 1} . /\n`.repeat(20)}`).join('') +
        'ENTRYPOINT ["python", "/t.py"]',
    },
    { name: 'many stages', text: 'FROM a AS a\nCOPY --from=a . .\n'.repeat(2000) },
    {
      name: 'stages upon stages',
      text: Array.from({ length: 1500 }, (_, n) => `FROM s${n} AS s${n + 1}\nRUN x\nENV A$${n}=$A`).join('\n'),
    },
    { name: 'variables in variables', text: `FROM a\nENV A=${'${A:-'.repeat(10_000)}` },
    { name: 'a value that doubles', text: `FROM a\nENV A=aa\n${'ENV A=$A$A\n'.repeat(60)}` },
    { name: 'a shell form of backticks and parentheses', text: `FROM a\nENTRYPOINT ${'$(`${'.repeat(15_000)}` },
    { name: 'an array of many slips', text: `FROM a\nENTRYPOINT [${"'a' 'b',".repeat(10_000)}` },
    { name: 'heredocs', text: `FROM a\n${'RUN <<A <<B\n'.repeat(4000)}` },
    { name: 'installs', text: `FROM a\n${'RUN pip install -r . \n'.repeat(4000)}ENTRYPOINT ["python", "t.py"]` },
  ])('a Dockerfile of $name', ({ text }) => {
    isSound({ Dockerfile: text, 't.py': 'import hypertune' });
  });
});
