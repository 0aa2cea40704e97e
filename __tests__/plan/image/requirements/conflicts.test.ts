import { describe, expect, it } from '@jest/globals';
import { rules, told } from './reading.ts';

describe('requirements that cannot be resolved together', () => {
  const conflict = (line: number) => [`error requirements-conflict requirements.txt:${line}`];

  it.each<readonly [string, string, readonly string[]]>([
    ['two pins', 'torch==2.7.1\nnumpy\ntorch==2.8.0\n', conflict(3)],
    ['a pin and a range', 'torch==2.7.1\ntorch>=2.8\n', conflict(2)],
    ['two ranges', 'torch<2\ntorch~=2.1\n', conflict(2)],
    ['bounds of one line', 'torch>=2.4,<2.1\n', conflict(1)],
    ['three that only together exclude all', 'x>=1,<=2\nx!=1.*\nx<2.0.dev0\n', conflict(3)],
    ['a wheel and a range', 'https://h/torch-2.8.0-py3-none-any.whl\ntorch<2.8\n', conflict(2)],
    ['two local builds', 'torch==2.8.0+cpu\ntorch==2.8.0+cu128\n', conflict(2)],
    ['two repositories', 'x @ git+https://g/a/x@1\nx @ git+https://g/a/x@2\n', conflict(2)],
    ['a pin and its local build', 'torch==2.8.0\ntorch==2.8.0+cu128\n', []],
    ['one version, written in two ways', 'torch==2.8\ntorch==2.8.0\n', []],
    ['ranges that meet', 'torch>=2.4\ntorch<2.8\ntorch!=2.5.0\n', []],
    ['pins for other machines', "torch==2.7.1; sys_platform == 'darwin'\ntorch==2.8.0; sys_platform == 'linux'\n", []],
    ['one repository twice', 'x @ git+https://g/a/x@1\ngit+https://g/a/x@1#egg=x\n', []],
    ['arbitrary equality', 'x===weird\nx===weird\n', []],
  ])('%s', (_, text, expected) => {
    expect(rules({ 'requirements.txt': text })).toEqual(expected);
  });

  it('are told with both places', () => {
    expect(
      told({ 'requirements.txt': '-r gpu.txt\n-c pins.txt\n', 'gpu.txt': 'torch>=2.8\n', 'pins.txt': 'torch<2.8\n' }),
    ).toEqual([
      'error: pins.txt:1: torch>=2.8 (gpu.txt:1) and torch<2.8 (pins.txt:1) cannot be installed together: no version fits all of them. Make them agree, or drop one. [requirements-conflict]',
    ]);
    expect(told({ 'requirements.txt': 'torch>=2.4,<2.1\n' })).toEqual([
      'error: requirements.txt:1: no version fits "torch>=2.4,<2.1": its bounds exclude each other. Widen one of them. [requirements-conflict]',
    ]);
  });

  it('do not hide what else is wrong', () => {
    expect(rules({ 'requirements.txt': 'a==1\na==2\nb=3\nc<1\nc>2\n' })).toEqual([
      'error requirements-syntax requirements.txt:3',
      'error requirements-conflict requirements.txt:2',
      'error requirements-conflict requirements.txt:5',
    ]);
  });
});

describe('lists that are hashed by half', () => {
  it('are told, since pip refuses them and uv does not', () => {
    expect(told({ 'requirements.txt': 'a==1 --hash=sha256:00\nb==2\n' })).toEqual([
      'warning: requirements.txt:2: b has no hash, and a (requirements.txt:1) has a hash: pip then refuses all that is not pinned and hashed. Lock the whole list, or take the hashes out. [requirements-hash]',
    ]);
    expect(rules({ 'requirements.txt': 'a>=1 --hash=sha256:00\n' })).toEqual([
      'warning requirements-hash requirements.txt:1',
    ]);
    expect(
      rules({ 'requirements.txt': 'a==1 --hash=sha256:00\nb==2 --hash=sha256:00\n-c c.txt\n', 'c.txt': 'd<3\n' }),
    ).toEqual([]);
  });
});
