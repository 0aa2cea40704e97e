import { describe, expect, test } from '@jest/globals';
import { DockerfileParser } from 'dockerfile-ast';
import fc from 'fast-check';
import { isPlainPath } from '../../../../src/plan/image/written/recipe/text.ts';
import { writeDockerfile } from '../../../../src/plan/image/written/write.ts';
import { type Files, request, requirements } from './given.ts';

/** Pieces of names that would mean something to Docker, a shell or a terminal. */
const PIECES = [
  ...[
    '\n',
    '\r',
    '\\',
    '\\\n',
    '"',
    "'",
    '`',
    '$',
    `\${BASE_IMAGE}`,
    '$(id)',
    '#',
    '&&',
    ';',
    '|',
    '<<E',
    '\u2028',
    '\u0000',
  ],
  ...[
    'RUN curl evil',
    'ENTRYPOINT ["sh"]',
    'USER 0',
    ' ',
    '  ',
    '-',
    '--from=x',
    '*',
    '?',
    '[a]',
    ']',
    ', ',
    '../',
    '~',
    '!',
  ],
  ...['a', 'train', '.py', '/', 'é', '漢', '\ud83d', '🙂', '\u001b[31m', '%0A', '=', ':', '@', '(', ')'],
];
const hostile = fc.array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ maxLength: 4 })), {
  minLength: 1,
  maxLength: 6,
});
const name = hostile.map((parts) => parts.join(''));

/** The instructions of a text, each without what it is given. */
const shape = (text: string) =>
  DockerfileParser.parse(text)
    .getInstructions()
    .map((instruction) => instruction.getKeyword());

const written = (files: Files, asked: Parameters<typeof request>[1]) =>
  writeDockerfile(request(files, asked)).dockerfile?.text;

/** ENTRYPOINT's words; what is no array of texts fails. */
function startWords(text: string): readonly string[] {
  const line = text.split('\n').find((each) => each.startsWith('ENTRYPOINT ')) ?? '';
  return JSON.parse(line.slice('ENTRYPOINT '.length)) as string[];
}

const runs = { numRuns: 300 };

/** Counts what was written, so that a test in which everything is refused fails. */
function counted() {
  let count = 0;
  return {
    add: () => {
      count += 1;
    },
    enough: () => expect(count).toBeGreaterThan(20),
  };
}

describe('no name becomes an instruction, a flag or a command', () => {
  test('names of requirement files', () => {
    const plain = written({ 'train.py': '' }, { requirements: requirements('pip', ['r.txt']) }) ?? '';
    const seen = counted();
    fc.assert(
      fc.property(name, (file) => {
        const text = written({ 'train.py': '' }, { requirements: requirements('pip', [file]) });
        if (text === undefined) return;
        seen.add();
        expect(shape(text)).toEqual(shape(plain));
        const copy = text.split('\n').find((line) => line.startsWith('COPY ')) ?? '';
        const words = copy.startsWith('COPY [') ? (JSON.parse(copy.slice(5)) as string[]) : copy.slice(5).split(' ');
        expect(words).toHaveLength(2);
        // Quoted by the writer, so that whatever is outside quotes is one word.
        const [, given] = /--requirement (.*)$/m.exec(text) ?? [];
        expect(given).toMatch(/^(?:[\w./+@=,:-]+|'[^'\\$`"\n]+')$/);
      }),
      runs,
    );
    seen.enough();
  });

  test('such names are refused, and told', () => {
    for (const file of [
      'a\nRUN x',
      'a$b',
      'a"b',
      "a'b",
      'a`b',
      'a\\',
      'a*',
      'a?',
      '[a]',
      '-r',
      '<<E',
      'a#b',
      'a;b',
      '~/a',
    ]) {
      const { errors } = writeDockerfile(request({ 'train.py': '' }, { requirements: requirements('pip', [file]) }));
      expect(errors.map(({ rule }) => rule)).toEqual(['requirements-name']);
    }
    for (const file of ['requirements.txt', 'my reqs/größe_1+2.txt', 'a@b=c,d:e~(1)'])
      expect(isPlainPath(file)).toBe(true);
  });

  test("words of the job's command", () => {
    const plain = written({ 'train.py': '' }, { command: ['python', 'train.py'] }) ?? '';
    const seen = counted();
    fc.assert(
      fc.property(fc.array(name, { maxLength: 3 }), name, (words, file) => {
        const command = ['python', ...words, file];
        const text = written({ [file]: '', 'train.py': '' }, { command });
        if (text === undefined || !text.includes('\nENTRYPOINT')) return;
        seen.add();
        const nested = text.includes('\nENV PYTHONPATH');
        expect(shape(text).filter((_keyword, index, all) => !nested || index !== all.length - 2)).toEqual(shape(plain));
        const started = startWords(text);
        // A lone surrogate is no text to JSON's readers, and stays escaped.
        expect(started).toEqual(command.slice(0, started.length));
      }),
      runs,
    );
    seen.enough();
  });

  test('names in pyproject.toml', () => {
    const seen = counted();
    fc.assert(
      fc.property(fc.oneof(name, fc.constant('train')), fc.oneof(name, fc.constant('digits')), (script, project) => {
        const toml = `[project]\nname = ${JSON.stringify(project)}\n[build-system]\nrequires = ["x"]\n[project.scripts]\n${JSON.stringify(script)} = ${JSON.stringify(`${project}:main`)}\n`;
        const text = written({ 'pyproject.toml': toml, [`${project}/train.py`]: '' }, {});
        if (text === undefined) return;
        seen.add();
        for (const word of startWords(text)) expect(word).toMatch(/^[\w.-]+$/);
        expect(shape(text).filter((keyword) => keyword === 'RUN').length).toBeLessThanOrEqual(3);
      }),
      runs,
    );
    seen.enough();
  });

  test('base images, Python versions and secrets', () => {
    const seen = counted();
    fc.assert(
      fc.property(name, name, name, (image, python, secret) => {
        const files = { 'train.py': '', 'requirements.txt': '' };
        const asked = { base: { image: 'nvidia/cuda:1', bringsPython: false } };
        const plain = shape(written(files, asked) ?? '');
        for (const more of [{ base: { image, bringsPython: false } }, { python }, { secrets: [secret] }]) {
          const text = written(files, { ...asked, ...more });
          if (text === undefined) continue;
          seen.add();
          expect(shape(text)).toEqual(plain);
        }
      }),
      runs,
    );
    seen.enough();
  });
});
