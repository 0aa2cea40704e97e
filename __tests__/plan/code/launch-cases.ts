import { type Case, lines } from './repository.ts';

/** A program that takes --lr and says so. */
export const TAKES_LR = lines(
  'import argparse',
  'parser = argparse.ArgumentParser()',
  'parser.add_argument("--lr", type=float)',
  'args = parser.parse_args()',
);
const TUNED = { parameters: ['lr'] };
const image = (...rest: readonly string[]) => lines('FROM python:3.12-slim', 'WORKDIR /app', 'COPY . .', ...rest);
const one = (...rest: readonly string[]) => ({ Dockerfile: image(...rest), 'train.py': TAKES_LR });

export const LAUNCH_CASES: readonly Case[] = [
  {
    name: 'shell form',
    files: one('ENTRYPOINT python train.py'),
    asked: TUNED,
    told: [
      'error: Dockerfile:4:1: ENTRYPOINT python train.py is in shell form: the shell takes --lr=… for itself and the program gets nothing. Write ENTRYPOINT ["python", "train.py"]. [entrypoint-shell-form]',
    ],
  },
  {
    name: 'shell form of a compound',
    files: one('ENTRYPOINT cd src && python train.py'),
    asked: TUNED,
    told: [
      'error: Dockerfile:4:1: ENTRYPOINT cd src && python train.py is in shell form: the shell takes --lr=… for itself and the program gets nothing. Write it in exec form, or start a script that ends in exec … "$@". [entrypoint-shell-form]',
    ],
  },
  { name: 'shell form without arguments', files: one('ENTRYPOINT python train.py'), told: [] },
  {
    name: 'shell form and args of the job',
    files: one('ENTRYPOINT python train.py'),
    asked: { args: ['--lr=1', '--lr', '2', '3', '4'] },
    told: [
      'error: Dockerfile:4:1: ENTRYPOINT python train.py is in shell form: the shell takes --lr=1 --lr 2 and 2 more for itself and the program gets nothing. Write ENTRYPOINT ["python", "train.py"]. [entrypoint-shell-form]',
    ],
  },
  {
    name: 'shell form that loses the first',
    files: one('ENTRYPOINT exec python train.py "$@"'),
    asked: TUNED,
    told: [
      `error: Dockerfile:4:1: the first argument behind -c becomes the shell's $0 and is no part of "$@": --lr=… is lost. Write ENTRYPOINT ["python", "train.py"]. [shell-command-loses-first]`,
    ],
  },
  {
    name: 'shell form that keeps all',
    files: one('ENTRYPOINT exec python train.py "$0" "$@"'),
    asked: TUNED,
    told: [],
  },
  {
    name: 'single quotes',
    files: one("ENTRYPOINT ['python', 'train.py']"),
    asked: TUNED,
    told: [
      `error: Dockerfile:4:1: ENTRYPOINT ['python', 'train.py'] is no JSON array (single quotes), so that Docker hands it to a shell, brackets and all. Write ENTRYPOINT ["python", "train.py"]. [entrypoint-json-slip]`,
    ],
  },
  {
    name: 'a trailing comma',
    files: one('ENTRYPOINT ["python", "train.py",]'),
    told: [
      'error: Dockerfile:4:1: ENTRYPOINT ["python", "train.py",] is no JSON array (a comma before the closing bracket), so that Docker hands it to a shell, brackets and all. Write ENTRYPOINT ["python", "train.py"]. [entrypoint-json-slip]',
    ],
  },
  {
    name: 'a missing closing bracket',
    files: one('ENTRYPOINT ["python", "train.py"'),
    told: [
      'error: Dockerfile:4:1: ENTRYPOINT ["python", "train.py" is no JSON array (no closing bracket), so that Docker hands it to a shell, brackets and all. Write ENTRYPOINT ["python", "train.py"]. [entrypoint-json-slip]',
    ],
  },
  {
    name: 'a missing opening bracket',
    files: one('ENTRYPOINT "python", "train.py"]'),
    told: [
      'error: Dockerfile:4:1: ENTRYPOINT "python", "train.py"] is no JSON array (no opening bracket), so that Docker hands it to a shell, brackets and all. Write ENTRYPOINT ["python", "train.py"]. [entrypoint-json-slip]',
    ],
  },
  {
    name: 'a missing comma',
    files: one('ENTRYPOINT ["python" "train.py"]'),
    told: [
      'error: Dockerfile:4:1: ENTRYPOINT ["python" "train.py"] is no JSON array (no comma between two words), so that Docker hands it to a shell, brackets and all. Write ENTRYPOINT ["python", "train.py"]. [entrypoint-json-slip]',
    ],
  },
  {
    name: 'typographic quotes',
    files: one('ENTRYPOINT [“python”, “train.py”]'),
    told: [
      'error: Dockerfile:4:1: ENTRYPOINT [“python”, “train.py”] is no JSON array (typographic quotes), so that Docker hands it to a shell, brackets and all. Write ENTRYPOINT ["python", "train.py"]. [entrypoint-json-slip]',
    ],
  },
  {
    name: 'a comment behind',
    files: one('ENTRYPOINT ["python", "train.py"] # go'),
    told: [
      'error: Dockerfile:4:1: ENTRYPOINT ["python", "train.py"] # go is no JSON array (text behind the closing bracket), so that Docker hands it to a shell, brackets and all. Write ENTRYPOINT ["python", "train.py"]. [entrypoint-json-slip]',
    ],
  },
  {
    name: 'two slips',
    files: one("ENTRYPOINT ['python', 'train.py',]"),
    told: [
      `error: Dockerfile:4:1: ENTRYPOINT ['python', 'train.py',] is no JSON array (single quotes and a comma before the closing bracket), so that Docker hands it to a shell, brackets and all. Write ENTRYPOINT ["python", "train.py"]. [entrypoint-json-slip]`,
    ],
  },
  {
    name: 'no telling which slip',
    files: one('ENTRYPOINT ["python, train.py]'),
    told: [
      'error: Dockerfile:4:1: ENTRYPOINT ["python, train.py] is no JSON array (no valid JSON), so that Docker hands it to a shell, brackets and all. Write a JSON array of strings in double quotes, on one logical line. [entrypoint-json-slip]',
    ],
  },
  {
    name: 'a slip in CMD',
    files: one("CMD ['python', 'train.py']"),
    told: [
      `error: Dockerfile:4:1: CMD ['python', 'train.py'] is no JSON array (single quotes), so that Docker hands it to a shell, brackets and all. Write CMD ["python", "train.py"]. [entrypoint-json-slip]`,
    ],
  },
  {
    name: 'a slip in a CMD that is replaced',
    files: one('ENTRYPOINT ["python", "train.py"]', "CMD ['--lr=1']"),
    asked: TUNED,
    told: [],
  },
  {
    name: 'a slip in an ENTRYPOINT that the job replaces',
    files: one("ENTRYPOINT ['python', 'train.py']"),
    asked: { ...TUNED, command: ['python', 'train.py'] },
    told: [],
  },
  {
    name: 'a slip and a wrong flag at once',
    files: one("ENTRYPOINT ['python', 'train.py']"),
    asked: { parameters: ['lrate'] },
    told: [
      `error: Dockerfile:4:1: ENTRYPOINT ['python', 'train.py'] is no JSON array (single quotes), so that Docker hands it to a shell, brackets and all. Write ENTRYPOINT ["python", "train.py"]. [entrypoint-json-slip]`,
      'error: train.py:2:10: the program refuses --lrate (the parameter "lrate"): argparse takes --lr. Rename the parameter, or declare --lrate. [flag-unknown]',
    ],
  },
  {
    name: 'bash -c',
    files: one('ENTRYPOINT ["bash", "-c", "python train.py"]'),
    asked: TUNED,
    told: [
      'error: Dockerfile:4:1: the text behind -c names no "$@": the shell takes --lr=… for itself and the program gets nothing. Write ENTRYPOINT ["python", "train.py"]. [shell-command-drops-arguments]',
    ],
  },
  {
    name: 'bash -c of several commands',
    files: one('ENTRYPOINT ["bash", "-lc", "source activate ml && python train.py"]'),
    asked: TUNED,
    told: [
      'error: Dockerfile:4:1: the text behind -c names no "$@": the shell takes --lr=… for itself and the program gets nothing. Put "$@" behind "python train.py", and a word such as "--" behind the text, which becomes $0. [shell-command-drops-arguments]',
    ],
  },
  {
    name: 'bash -c that loses the first',
    files: one('ENTRYPOINT ["bash", "-c", "python train.py \\"$@\\""]'),
    asked: TUNED,
    told: [
      `error: Dockerfile:4:1: the first argument behind -c becomes the shell's $0 and is no part of "$@": --lr=… is lost. Write ENTRYPOINT ["python", "train.py"]. [shell-command-loses-first]`,
    ],
  },
  {
    name: 'bash -c with a word for $0',
    files: one('ENTRYPOINT ["bash", "-c", "python train.py \\"$@\\"", "--"]'),
    asked: TUNED,
    told: [],
  },
  {
    name: 'sh -c in the job',
    files: one('ENTRYPOINT ["x"]'),
    asked: { ...TUNED, command: ['sh', '-c', 'python train.py'] },
    told: [
      'error: command: the text behind -c names no "$@": the shell takes --lr=… for itself and the program gets nothing. Name the program itself in command, as ["python", "train.py"]. [shell-command-drops-arguments]',
    ],
  },
  {
    name: 'a conda shell',
    files: one('SHELL ["conda", "run", "-n", "ml", "/bin/bash", "-c"]', 'ENTRYPOINT python train.py'),
    asked: TUNED,
    told: [
      'error: Dockerfile:5:1: ENTRYPOINT python train.py is in shell form: the shell takes --lr=… for itself and the program gets nothing. Write ENTRYPOINT ["python", "train.py"]. [entrypoint-shell-form]',
    ],
  },
  {
    name: 'a start script that drops',
    files: {
      ...one('ENTRYPOINT ["./start.sh"]'),
      'start.sh': lines(
        '#!/bin/bash',
        'set -euo pipefail',
        '# passes "$@" on',
        "echo '$@'",
        'python train.py --epochs 3',
        'echo done',
      ),
    },
    asked: TUNED,
    told: [
      'error: start.sh:5:1: the start script names "$@" nowhere, so that --lr=… never reaches the program. End it in exec python train.py --epochs 3 "$@". [start-script-drops-arguments]',
      'error: train.py:2:10: the program refuses --epochs: argparse takes --lr. Leave it out, or declare --epochs. [flag-unknown]',
    ],
  },
  {
    name: 'a flag and its value on one line of args',
    files: one('ENTRYPOINT ["python", "train.py"]'),
    asked: { args: ['--lr 0.1'] },
    told: [
      'error: train.py:2:10: the program refuses --lr 0.1: argparse takes --lr. One line is one argument: write --lr=0.1, or --lr and 0.1 on a line each. [flag-unknown]',
    ],
  },
  {
    name: 'a start script that passes',
    files: {
      ...one('ENTRYPOINT ["/app/start.sh"]'),
      'start.sh': lines('#!/usr/bin/env bash', 'cd "$(dirname "$0")"', 'exec python train.py "$@"'),
    },
    asked: { parameters: ['lrx'] },
    told: [
      'error: train.py:3:21: the program refuses --lrx (the parameter "lrx"): argparse takes --lr. Rename the parameter to "lr", or declare --lrx. [flag-unknown]',
    ],
  },
  {
    name: 'a start script by its shell',
    files: { ...one('ENTRYPOINT ["bash", "start.sh"]'), 'start.sh': lines('python train.py') },
    asked: TUNED,
    told: [
      'error: start.sh:1:1: the start script names "$@" nowhere, so that --lr=… never reaches the program. End it in exec python train.py "$@". [start-script-drops-arguments]',
    ],
  },
  {
    name: 'a start script in a heredoc',
    files: {
      Dockerfile: lines(
        'FROM python:3.12',
        'WORKDIR /app',
        'COPY train.py .',
        'COPY <<EOF /start.sh',
        '#!/bin/sh',
        'exec python train.py',
        'EOF',
        'ENTRYPOINT ["sh", "/start.sh"]',
      ),
      'train.py': TAKES_LR,
    },
    asked: TUNED,
    told: [
      'error: Dockerfile:6:1: the start script names "$@" nowhere, so that --lr=… never reaches the program. End it in exec python train.py "$@". [start-script-drops-arguments]',
    ],
  },
  {
    name: 'a start script that reads by hand',
    files: { ...one('ENTRYPOINT ["bash", "start.sh"]'), 'start.sh': lines('LR=$1', 'python train.py --lr $LR') },
    asked: TUNED,
    told: [],
  },
  {
    name: 'a script that only starts CMD',
    files: {
      ...one('ENTRYPOINT ["/app/entry.sh"]', 'CMD ["python", "train.py"]'),
      'entry.sh': lines('#!/bin/sh', 'set -e', 'exec "$@"'),
    },
    asked: TUNED,
    told: [
      `error: Dockerfile:5:1: the job's arguments take the place of CMD ["python", "train.py"], so that --lr=… is started as the program. Name the program in ENTRYPOINT, behind ENTRYPOINT ["/app/entry.sh"]. [arguments-replace-cmd]`,
    ],
  },
  {
    name: 'CMD alone',
    files: one('CMD ["python", "train.py"]'),
    asked: TUNED,
    told: [
      `error: Dockerfile:4:1: the job's arguments take the place of CMD ["python", "train.py"], so that --lr=… is started as the program. Write ENTRYPOINT ["python", "train.py"] in place of CMD. [arguments-replace-cmd]`,
    ],
  },
  {
    name: 'CMD alone in shell form',
    files: one('CMD python train.py'),
    asked: TUNED,
    told: [
      `error: Dockerfile:4:1: the job's arguments take the place of CMD python train.py, so that --lr=… is started as the program. Write ENTRYPOINT ["python", "train.py"] in place of CMD. [arguments-replace-cmd]`,
    ],
  },
  {
    name: 'CMD alone on an own base',
    files: { Dockerfile: lines('FROM eu.gcr.io/acme/base:1', 'CMD ["python", "train.py"]') },
    asked: TUNED,
    told: [
      `warning: Dockerfile:2:1: the job's arguments take the place of CMD ["python", "train.py"], so that --lr=… is started as the program unless the base image has an ENTRYPOINT. Write ENTRYPOINT ["python", "train.py"] in place of CMD. [arguments-replace-cmd]`,
    ],
  },
  {
    name: 'CMD alone and a whole command in args',
    files: one('CMD ["python", "x.py"]'),
    asked: { ...TUNED, args: ['python', 'train.py'] },
    told: [],
  },
  { name: 'CMD alone without arguments', files: one('CMD ["python", "train.py"]'), told: [] },
  {
    name: 'neither ENTRYPOINT nor CMD',
    files: one(),
    asked: TUNED,
    told: [
      'error: Dockerfile:1:1: the image names no program, so that --lr=… is started as one. Write ENTRYPOINT ["python", "train.py"] or the like. [arguments-replace-cmd]',
    ],
  },
  {
    name: 'python in ENTRYPOINT, the script in CMD',
    files: one('ENTRYPOINT ["python"]', 'CMD ["train.py"]'),
    asked: TUNED,
    told: [
      `error: Dockerfile:5:1: the job's arguments take the place of CMD ["train.py"], so that Python itself gets --lr=…. Name the script in ENTRYPOINT ["python", "train.py"]. [arguments-replace-cmd]`,
    ],
  },
  {
    name: 'python in ENTRYPOINT, the script in CMD, no arguments',
    files: one('ENTRYPOINT ["python"]', 'CMD ["train.py"]'),
    told: [],
  },
  {
    name: 'python in ENTRYPOINT, the script in args',
    files: one('ENTRYPOINT ["python"]'),
    asked: { ...TUNED, args: ['train.py'] },
    told: [],
  },
  {
    name: 'python in command',
    files: one(),
    asked: { ...TUNED, command: ['python', '-u'] },
    told: [
      'error: command: no script is named, so that Python itself gets --lr=…. Name the script in command. [arguments-replace-cmd]',
    ],
  },
  {
    name: 'a server',
    files: one('CMD ["uvicorn", "serve:app"]'),
    told: [
      'warning: Dockerfile:4:1: the image starts uvicorn, a server, which never ends: the job would run until its timeout. Name the training program in command, or build the stage that trains. [default-target-server]',
    ],
  },
  {
    name: 'a server by module',
    files: one('ENTRYPOINT ["python", "-m", "http.server"]'),
    told: [
      'warning: Dockerfile:4:1: the image starts http.server, a server, which never ends: the job would run until its timeout. Name the training program in command, or build the stage that trains. [default-target-server]',
    ],
  },
  {
    name: 'a server behind a wrapper',
    files: one('ENTRYPOINT ["tini", "--", "uv", "run", "--with", "x", "mlflow", "server"]'),
    told: [
      'warning: Dockerfile:4:1: the image starts mlflow server, a server, which never ends: the job would run until its timeout. Name the training program in command, or build the stage that trains. [default-target-server]',
    ],
  },
  {
    name: 'a server in shell form',
    files: one('CMD exec gunicorn app:app'),
    told: [
      'warning: Dockerfile:4:1: the image starts gunicorn, a server, which never ends: the job would run until its timeout. Name the training program in command, or build the stage that trains. [default-target-server]',
    ],
  },
  {
    name: 'a server that the job itself asks for',
    files: one('CMD ["python", "train.py"]'),
    asked: { command: ['tensorboard'] },
    told: [],
  },
  { name: 'mlflow run is none', files: one('CMD ["mlflow", "run", "."]'), told: [] },
  {
    name: 'a stage that is not there',
    files: { Dockerfile: lines('FROM python AS train', 'FROM python AS serve') },
    asked: { target: 'trian' },
    told: [
      'error: Dockerfile:1:1: the Dockerfile has no stage "trian": it has "train", "serve". The nearest is "train". [stage-missing]',
    ],
  },
  {
    name: 'stages without names',
    files: { Dockerfile: lines('FROM python') },
    asked: { target: 'train' },
    told: [
      'error: Dockerfile:1:1: the Dockerfile has no stage "train": its stages have no names. Write FROM … AS NAME. [stage-missing]',
    ],
  },
  {
    name: 'the stage asked for',
    files: {
      Dockerfile: lines(
        'FROM python AS base',
        'WORKDIR /w',
        'COPY src/ ./',
        'FROM base AS train',
        'ENTRYPOINT ["python", "train.py"]',
        'FROM base AS serve',
        'CMD ["uvicorn", "x"]',
      ),
      'src/train.py': TAKES_LR,
    },
    asked: { target: 'TRAIN', parameters: ['l', 'rate'] },
    told: [
      'error: src/train.py:2:10: the program refuses --rate (the parameter "rate"): argparse takes --lr. Rename the parameter, or declare --rate. [flag-unknown]',
    ],
  },
  {
    name: 'by number',
    files: { Dockerfile: lines('FROM python AS base', 'ENTRYPOINT python', 'FROM scratch') },
    asked: { target: '0', args: ['x'] },
    told: [
      'error: Dockerfile:2:1: ENTRYPOINT python is in shell form: the shell takes x for itself and the program gets nothing. Write ENTRYPOINT ["python"]. [entrypoint-shell-form]',
    ],
  },
  {
    name: 'ENTRYPOINT from an earlier stage',
    files: {
      Dockerfile: lines('ARG BASE=python:3', 'FROM $BASE AS base', 'ENTRYPOINT python train.py', 'FROM base'),
    },
    asked: { args: ['a'] },
    told: [
      'error: Dockerfile:3:1: ENTRYPOINT python train.py is in shell form: the shell takes a for itself and the program gets nothing. Write ENTRYPOINT ["python", "train.py"]. [entrypoint-shell-form]',
    ],
  },
  {
    name: 'an escape directive and continuations',
    files: {
      Dockerfile: lines(
        '# escape=`',
        'FROM --platform=linux/amd64 python',
        'ENTRYPOINT [ `',
        '  # which',
        '  "python", `',
        '',
        "  'train.py' ]",
      ),
    },
    told: [
      `error: Dockerfile:3:1: ENTRYPOINT [   "python",   'train.py' ] is no JSON array (single quotes), so that Docker hands it to a shell, brackets and all. Write ENTRYPOINT ["python", "train.py"]. [entrypoint-json-slip]`,
    ],
  },
  {
    name: 'ONBUILD is no instruction of this image',
    files: one('ONBUILD ENTRYPOINT python x', 'ENTRYPOINT ["python", "train.py"]'),
    asked: TUNED,
    told: [],
  },
  {
    name: 'another context and globs',
    files: {
      'd/Dockerfile': lines(
        'FROM python',
        'ARG APP=nowhere',
        'WORKDIR $APP',
        'COPY *.py ./',
        'COPY ["lib", "lib"]',
        'ENTRYPOINT ["python3", "-u", "-m", "lib.train"]',
      ),
      'c/lib/train.py': TAKES_LR,
    },
    asked: { dockerfile: 'd/Dockerfile', context: 'c', buildArgs: { APP: '/srv' }, parameters: ['lrr'] },
    told: [
      'error: c/lib/train.py:3:21: the program refuses --lrr (the parameter "lrr"): argparse takes --lr. Rename the parameter to "lr", or declare --lrr. [flag-unknown]',
    ],
  },
  {
    name: 'copied from another stage',
    files: {
      Dockerfile: lines(
        'FROM python AS one',
        'COPY src /src',
        'FROM python',
        'COPY --from=one /src /app',
        'ENTRYPOINT ["python", "/app/train.py"]',
      ),
      'src/train.py': TAKES_LR,
    },
    asked: { parameters: ['lrr'] },
    told: [
      'error: src/train.py:3:21: the program refuses --lrr (the parameter "lrr"): argparse takes --lr. Rename the parameter to "lr", or declare --lrr. [flag-unknown]',
    ],
  },
  {
    name: 'a file by its shebang',
    files: { ...one('ENV PATH=/app:$PATH', 'ENTRYPOINT ["/app/go"]'), go: lines('#!/usr/bin/env python3', TAKES_LR) },
    asked: { parameters: ['lrr'] },
    told: [
      'error: go:4:21: the program refuses --lrr (the parameter "lrr"): argparse takes --lr. Rename the parameter to "lr", or declare --lrr. [flag-unknown]',
    ],
  },
  {
    name: 'torchrun',
    files: one('ENTRYPOINT ["torchrun", "--nproc_per_node=2", "train.py"]'),
    asked: { parameters: ['lrr'] },
    told: [
      'error: train.py:3:21: the program refuses --lrr (the parameter "lrr"): argparse takes --lr. Rename the parameter to "lr", or declare --lrr. [flag-unknown]',
    ],
  },
  {
    name: 'accelerate by module',
    files: one('ENTRYPOINT ["python", "-m", "torch.distributed.run", "-m", "train"]'),
    asked: { parameters: ['lrr'] },
    told: [
      'error: train.py:3:21: the program refuses --lrr (the parameter "lrr"): argparse takes --lr. Rename the parameter to "lr", or declare --lrr. [flag-unknown]',
    ],
  },
  {
    name: 'an unknown console script',
    files: one('ENTRYPOINT ["uv", "run", "my-train", "train.py"]'),
    asked: { parameters: ['lrr'] },
    told: [],
  },
];
