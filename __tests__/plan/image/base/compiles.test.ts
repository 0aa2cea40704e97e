import { describe, expect, test } from '@jest/globals';
import { compilesCuda } from '../../../../src/plan/image/base/dockerfile/compiles.ts';
import { viewOf } from './given.ts';

interface Case {
  readonly name: string;
  readonly text?: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly context?: string;
  readonly target?: string;
  readonly compiles: boolean;
}

describe('whether CUDA code is compiled', () => {
  test.each<Case>([
    { name: 'nothing', compiles: false },
    { name: 'a plain Dockerfile', text: 'FROM a\nRUN pip install torch', compiles: false },
    { name: 'nvcc', text: 'FROM a\nRUN nvcc -o x x.cu', compiles: true },
    { name: 'a word that holds it', text: 'FROM a\nRUN echo nvccx', compiles: false },
    {
      name: 'a list of architectures for one command',
      text: 'FROM a\nRUN TORCH_CUDA_ARCH_LIST=8.9 pip install x',
      compiles: true,
    },
    {
      name: 'a list of architectures as a variable',
      text: 'FROM a\nENV TORCH_CUDA_ARCH_LIST="8.0 8.9"',
      compiles: true,
    },
    { name: 'the same as an argument', text: 'FROM a\nARG TORCH_CUDA_ARCH_LIST', compiles: true },
    { name: 'in a stage that is not built', text: 'FROM a AS x\nRUN nvcc x\nFROM b', compiles: false },
    { name: 'in the stage that is built', text: 'FROM a AS x\nRUN nvcc x\nFROM b', target: 'x', compiles: true },
    {
      name: 'in a stage that is copied from',
      text: 'FROM a AS x\nRUN nvcc x\nFROM b\nCOPY --from=x /o /o',
      compiles: true,
    },
    { name: 'sources beside the Dockerfile', files: { 'kernel.cu': '' }, compiles: true },
    { name: 'sources of an extension', files: { 'csrc/kernel.cu': '' }, compiles: true },
    { name: 'sources elsewhere', files: { 'other/csrc/kernel.cu': '' }, compiles: false },
    { name: 'sources in the context', files: { 'sub/csrc/k.cu': '' }, context: './sub', compiles: true },
    { name: 'a setup.py', files: { 'setup.py': 'ext_modules=[CUDAExtension("a", [])]' }, compiles: true },
    { name: 'another setup.py', files: { 'setup.py': 'setup(name="a")' }, compiles: false },
    { name: 'CMake', files: { 'CMakeLists.txt': 'project(a LANGUAGES CXX CUDA)' }, compiles: true },
    { name: 'CMake without', files: { 'CMakeLists.txt': 'project(a LANGUAGES CXX)' }, compiles: false },
  ])('$name', ({ text, files = {}, context = '.', target, compiles }) => {
    expect(compilesCuda({ text, buildArgs: {}, target, files: viewOf(files), context })).toBe(compiles);
  });
});
