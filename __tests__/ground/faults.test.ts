import { describe, expect, test } from '@jest/globals';
import { asSentence, type Fault, faultText, InputError, messageOf, shown } from '../../src/faults.ts';

describe('a fault as one sentence', () => {
  test.each<{ name: string; fault: Fault; text: string }>([
    { name: 'alone', fault: { rule: 'r', message: 'is wrong.' }, text: 'is wrong. [r]' },
    { name: 'of an input', fault: { rule: 'r', input: 'wait', message: 'one.' }, text: 'wait: one. [r]' },
    {
      name: 'an input as subject',
      fault: { rule: 'r', input: 'wait', message: 'is wrong.' },
      text: 'wait is wrong. [r]',
    },
    {
      name: 'a word that begins like a verb',
      fault: { rule: 'r', input: 'a', message: 'issue.' },
      text: 'a: issue. [r]',
    },
    { name: 'in a file', fault: { rule: 'r', place: { file: 'a/b' }, message: 'm' }, text: 'a/b: m [r]' },
    { name: 'at a line', fault: { rule: 'r', place: { file: 'f', line: 3 }, message: 'm' }, text: 'f:3: m [r]' },
    {
      name: 'at a column',
      fault: { rule: 'r', place: { file: 'f', line: 3, column: 9 }, message: 'm' },
      text: 'f:3:9: m [r]',
    },
    {
      name: 'a column without a line is not told',
      fault: { rule: 'r', place: { file: 'f', column: 9 }, message: 'm' },
      text: 'f: m [r]',
    },
    {
      name: 'of an input that names a file',
      fault: { rule: 'r', input: 'config', place: { file: 'f', line: 1 }, message: 'm' },
      text: 'f:1: config: m [r]',
    },
  ])('$name', ({ fault, text }) => {
    expect(faultText(fault)).toBe(text);
  });

  test('an InputError tells all of them', () => {
    const faults = [
      { rule: 'a', message: 'one' },
      { rule: 'b', message: 'two' },
    ];
    const error = new InputError(faults);
    expect(error.message).toBe('one [a]\ntwo [b]');
    expect(error.faults).toBe(faults);
  });
});

describe('the message of whatever was thrown', () => {
  test.each([
    { name: 'an error', error: new Error('a'), message: 'a' },
    { name: 'a text', error: 'a', message: 'a' },
    { name: 'nothing', error: undefined, message: 'undefined' },
    { name: 'a cause', error: new Error('a', { cause: new Error('b') }), message: 'a: b' },
    {
      name: 'a chain of causes',
      error: new Error('a', { cause: new Error('b', { cause: 'c' }) }),
      message: 'a: b: c',
    },
    { name: 'a cause that is told already', error: new Error('a: b', { cause: new Error('b') }), message: 'a: b' },
    {
      name: 'a sentence with a cause',
      error: new Error('It failed. Mend it.', { cause: new Error('b', { cause: 'c' }) }),
      message: 'It failed. Mend it. The cause: b: c',
    },
    {
      name: 'a sentence in quotes with a cause',
      error: new Error('It said "no."', { cause: 'b' }),
      message: 'It said "no." The cause: b',
    },
    {
      name: 'lines that end in a sentence, with a cause',
      error: new Error('Two:\n- a\n- b (or c!)', { cause: 'd' }),
      message: 'Two:\n- a\n- b (or c!) The cause: d',
    },
    { name: 'what was cut, with a cause', error: new Error('a…', { cause: 'b' }), message: 'a…: b' },
    {
      name: 'the failures of several attempts, which have no message together',
      error: new Error('a', { cause: new AggregateError([new Error('b'), new Error('c'), new Error('b')]) }),
      message: 'a: b; c',
    },
    {
      name: 'several failures under one message',
      error: new AggregateError([new Error('b')], 'all failed'),
      message: 'all failed',
    },
    { name: 'a cause without a word', error: new Error('a', { cause: new Error('') }), message: 'a' },
    {
      name: 'a service’s answer, which says what its cause says again',
      error: Object.assign(new Error('HTTP 403: no', { cause: new Error('{"error": "no"}') }), { httpStatus: 403 }),
      message: 'HTTP 403: no',
    },
    {
      name: 'the lack of an answer, with why',
      error: Object.assign(new Error('no answer', { cause: new Error('refused') }), { httpStatus: undefined }),
      message: 'no answer: refused',
    },
    { name: 'nothing but a cause', error: new Error('', { cause: new Error('b') }), message: 'b' },
  ])('$name', ({ error, message }) => {
    expect(messageOf(error)).toBe(message);
  });
});

test.each([
  { text: 'a', sentence: 'a.' },
  { text: 'a.', sentence: 'a.' },
  { text: 'is it?', sentence: 'is it?' },
  { text: 'a (b)', sentence: 'a (b).' },
  { text: 'a (b.)', sentence: 'a (b.)' },
  { text: 'cut…', sentence: 'cut….' },
])('$text as a sentence is $sentence', ({ text, sentence }) => {
  expect(asSentence(text)).toBe(sentence);
});

describe('a value in a message', () => {
  test.each([
    { name: 'is quoted', value: 'a "b"\n', text: '"a \\"b\\"\\n"' },
    { name: 'of 120 characters is whole', value: 'x'.repeat(120), text: `"${'x'.repeat(120)}"` },
    { name: 'longer is cut', value: 'x'.repeat(121), text: `"${'x'.repeat(120)}…"` },
  ])('$name', ({ value, text }) => {
    expect(shown(value)).toBe(text);
  });
});
