import { type Case, lines } from './repository.ts';

const DOCKERFILE = lines(
  'FROM python:3.12-slim',
  'WORKDIR /app',
  'COPY . .',
  'RUN pip install -r requirements.txt',
  'ENTRYPOINT ["python", "train.py"]',
);
const started = (...rest: readonly string[]) =>
  DOCKERFILE.replace('"train.py"', rest.map((word) => JSON.stringify(word)).join(', '));
const project = (program: readonly string[], more: Readonly<Record<string, string>> = {}) => ({
  Dockerfile: DOCKERFILE,
  'requirements.txt': lines('cloudml-hypertune==0.1.0.dev6'),
  'train.py': lines(...program),
  ...more,
});
const REPORT = [
  'import hypertune',
  'hypertune.HyperTune().report_hyperparameter_tuning_metric(hyperparameter_metric_tag="accuracy", metric_value=1)',
];
const ASKED = { parameters: ['learning_rate'], metrics: ['accuracy'] };
const ARGPARSE = ['import argparse', 'parser = argparse.ArgumentParser()'];

/** Programs as people write them, in which nothing is wrong, or nothing can be known. */
export const GOOD_PROGRAMS: readonly Omit<Case, 'told'>[] = [
  {
    name: 'argparse',
    files: project([
      ...ARGPARSE,
      'parser.add_argument("-l", "--learning_rate")',
      'args = parser.parse_args()',
      ...REPORT,
    ]),
    asked: ASKED,
  },
  {
    name: 'an abbreviation',
    files: project([
      ...ARGPARSE,
      'parser.add_argument("--learning_rate_initial")',
      'args = parser.parse_args()',
      ...REPORT,
    ]),
    asked: ASKED,
  },
  {
    name: 'both spellings',
    files: project([
      ...ARGPARSE,
      'parser.add_argument("--learning-rate", "--learning_rate")',
      'args = parser.parse_args()',
      ...REPORT,
    ]),
    asked: ASKED,
  },
  {
    name: 'parse_known_args',
    files: project([
      ...ARGPARSE,
      'parser.add_argument("--epochs")',
      'args, rest = parser.parse_known_args()',
      ...REPORT,
    ]),
    asked: ASKED,
  },
  {
    name: 'argument groups and parents',
    files: project([
      'from argparse import ArgumentParser as AP',
      'common = AP(add_help=False)',
      'g = common.add_argument_group("x").add_mutually_exclusive_group()',
      'g.add_argument("--learning_rate")',
      'AP(parents=[common]).parse_args()',
      ...REPORT,
    ]),
    asked: ASKED,
  },
  {
    name: 'subcommands',
    files: {
      ...project([
        ...ARGPARSE,
        'sub = parser.add_subparsers(dest="do")',
        'fit = sub.add_parser("fit")',
        'fit.add_argument("--learning_rate")',
        'parser.parse_args()',
        ...REPORT,
      ]),
      Dockerfile: started('train.py', 'fit'),
    },
    asked: ASKED,
  },
  {
    name: 'flags declared in a loop',
    files: project([
      ...ARGPARSE,
      'for name in NAMES: parser.add_argument("--" + name)',
      'parser.parse_args()',
      ...REPORT,
    ]),
    asked: ASKED,
  },
  {
    name: 'flags declared from a table',
    files: project([
      ...ARGPARSE,
      'for names, options in TABLE: parser.add_argument(*names, **options)',
      'parser.parse_args()',
      ...REPORT,
    ]),
    asked: ASKED,
  },
  {
    name: 'flags by a constant',
    files: project([
      ...ARGPARSE,
      'FLAG = "--learning" "_rate"',
      'parser.add_argument(FLAG)',
      'parser.parse_args()',
      ...REPORT,
    ]),
    asked: ASKED,
  },
  {
    name: 'flags from a module of its own',
    files: {
      ...project(['from options import get_args', 'from report import tell', 'args = get_args()', 'tell(1)']),
      'options.py': lines(
        'import argparse, sys',
        'def get_args(argv=None):',
        '    p = argparse.ArgumentParser()',
        '    add(p)',
        '    return p.parse_args(argv or sys.argv[1:])',
        'def add(p): p.add_argument("--learning_rate")',
      ),
      'report.py': lines(
        'from hypertune import HyperTune',
        'from constants import TAG',
        'def tell(value): HyperTune().report_hyperparameter_tuning_metric(TAG, value)',
      ),
      'constants.py': lines('TAG = "accuracy"'),
    },
    asked: ASKED,
  },
  {
    name: 'a package started by -m',
    files: {
      Dockerfile: started('-m', 'trainer.task'),
      'requirements.txt': 'cloudml-hypertune',
      'trainer/__init__.py': '',
      'trainer/task.py': lines(
        'from . import model',
        'from .args import parse',
        'from trainer.util.metrics import *',
        'parse()',
      ),
      'trainer/args.py': lines(
        ...ARGPARSE,
        'parser.add_argument("--learning_rate")',
        'def parse(): return parser.parse_args()',
      ),
      'trainer/model.py': 'import torch',
      'trainer/util/metrics.py': lines(...REPORT),
    },
    asked: ASKED,
  },
  {
    name: 'a package with __main__',
    files: {
      Dockerfile: started('-m', 'trainer'),
      'requirements.txt': 'cloudml-hypertune',
      'trainer/__main__.py': lines('from .task import main', 'main()'),
      'trainer/task.py': lines(
        ...ARGPARSE,
        'def main(): parser.add_argument("--learning_rate"); parser.parse_args()',
        ...REPORT,
      ),
    },
    asked: ASKED,
  },
  {
    name: 'src layout, installed',
    files: {
      Dockerfile: started('-m', 'trainer.task').replace('-r requirements.txt', '.'),
      'pyproject.toml': 'dependencies = ["cloudml-hypertune"]',
      'src/trainer/task.py': lines(
        ...ARGPARSE,
        'parser.add_argument("--learning_rate")',
        'parser.parse_args()',
        ...REPORT,
      ),
    },
    asked: ASKED,
  },
  {
    name: 'a parser that another library extends',
    files: project([
      ...ARGPARSE,
      'import deepspeed',
      'parser = deepspeed.add_config_arguments(parser)',
      'parser.parse_args()',
      ...REPORT,
    ]),
    asked: ASKED,
  },
  {
    name: 'Lightning adds flags',
    files: project([
      ...ARGPARSE,
      'from pytorch_lightning import Trainer',
      'Trainer.add_argparse_args(parser)',
      'parser.parse_args()',
      ...REPORT,
    ]),
    asked: ASKED,
  },
  {
    name: 'parents from a library',
    files: project([
      'import argparse, acme.cli',
      'p = argparse.ArgumentParser(parents=[acme.cli.parser()])',
      'p.parse_args()',
      ...REPORT,
    ]),
    asked: ASKED,
  },
  {
    name: 'a parser class from a library',
    files: project([
      'from jsonargparse import ArgumentParser',
      'p = ArgumentParser()',
      'p.add_argument("--x")',
      'p.parse_args()',
      ...REPORT,
    ]),
    asked: ASKED,
  },
  {
    name: 'sys.argv rewritten',
    files: project([
      ...ARGPARSE,
      'import sys',
      'sys.argv = [word.replace("_", "-") for word in sys.argv]',
      'parser.add_argument("--learning-rate")',
      'parser.parse_args()',
      ...REPORT,
    ]),
    asked: ASKED,
  },
  {
    name: 'a list of its own is parsed',
    files: project([
      ...ARGPARSE,
      'import sys',
      'words = [w.replace("_", "-") for w in sys.argv[1:]]',
      'parser.add_argument("--learning-rate")',
      'parser.parse_args(words)',
      ...REPORT,
    ]),
    asked: ASKED,
  },
  {
    name: 'sys.argv by hand',
    files: project(['import sys', 'options = dict(word[2:].split("=") for word in sys.argv[1:])', ...REPORT]),
    asked: ASKED,
  },
  { name: 'argv by name', files: project(['from sys import argv', 'print(argv)', ...REPORT]), asked: ASKED },
  {
    name: 'click',
    files: project([
      'import click',
      '@click.command()',
      '@click.option("--learning_rate", "lr", default=1.0)',
      '@click.option("--shout/--no-shout")',
      'def main(lr, shout): pass',
      'main()',
      ...REPORT,
    ]),
    asked: { ...ASKED, args: ['--no-shout'] },
  },
  {
    name: 'click groups',
    files: {
      ...project([
        'import click',
        '@click.group()',
        'def cli(): pass',
        '@cli.command()',
        '@click.option("--learning_rate")',
        'def fit(learning_rate): pass',
        'cli()',
        ...REPORT,
      ]),
      Dockerfile: started('train.py', 'fit'),
    },
    asked: ASKED,
  },
  {
    name: 'click that lets all through',
    files: project([
      'import click',
      '@click.command(context_settings=dict(ignore_unknown_options=True, allow_extra_args=True))',
      'def main(): pass',
      'main()',
      ...REPORT,
    ]),
    asked: ASKED,
  },
  {
    name: 'click with options from outside',
    files: project([
      'import click',
      'from acme import options',
      '@click.command()',
      '@options.training',
      'def main(**k): pass',
      'main()',
      ...REPORT,
    ]),
    asked: ASKED,
  },
  {
    name: 'absl',
    files: project([
      'from absl import app, flags',
      'FLAGS = flags.FLAGS',
      'flags.DEFINE_float("learning_rate", 1, "x")',
      'def main(_): pass',
      'app.run(main)',
      ...REPORT,
    ]),
    asked: { ...ASKED, args: ['--verbosity=1'] },
  },
  {
    name: 'absl with an outside module',
    files: project([
      'from absl import app, flags',
      'import acme.flags',
      'flags.DEFINE_float("lr", 1, "x")',
      'app.run(print)',
      ...REPORT,
    ]),
    asked: ASKED,
  },
  {
    name: 'fire',
    files: project(['import fire', 'def main(data="x", learning_rate=0.1): pass', 'fire.Fire(main)', ...REPORT]),
    asked: ASKED,
  },
  {
    name: 'fire with a class',
    files: {
      ...project([
        'import fire',
        'class Trainer:',
        '    def __init__(self, data=1): pass',
        '    def fit(self, learning_rate): pass',
        'fire.Fire(Trainer)',
        ...REPORT,
      ]),
      Dockerfile: started('train.py', 'fit'),
    },
    asked: ASKED,
  },
  {
    name: 'fire with **kwargs',
    files: project(['import fire', 'def main(**options): pass', 'fire.Fire(main)', ...REPORT]),
    asked: ASKED,
  },
  {
    name: 'fire with everything',
    files: project(['import fire', 'def main(a): pass', 'fire.Fire()', ...REPORT]),
    asked: ASKED,
  },
  {
    name: 'typer',
    files: project(['import typer', 'def main(learning_rate: float = 0.1): pass', 'typer.run(main)', ...REPORT]),
    asked: { ...ASKED, parameters: ['learning-rate'] },
  },
  {
    name: 'typer with names and Annotated',
    files: project([
      'import typer',
      'from typing import Annotated',
      'app = typer.Typer()',
      '@app.command()',
      'def main(lr: Annotated[float, typer.Option("--learning_rate")] = 1, quiet: bool = False): pass',
      'app()',
      ...REPORT,
    ]),
    asked: { ...ASKED, args: ['--no-quiet'] },
  },
  {
    name: 'Hydra with rewritten words',
    files: project([
      'import hydra, sys',
      'sys.argv[1:] = [word.removeprefix("--") for word in sys.argv[1:]]',
      '@hydra.main(config_path="conf")',
      'def main(c): pass',
      'main()',
      ...REPORT,
    ]),
    asked: ASKED,
  },
  {
    name: 'HfArgumentParser',
    files: project([
      'from dataclasses import dataclass',
      'from transformers import HfArgumentParser',
      '@dataclass',
      'class Options:',
      '    learning_rate: float = 1.0',
      '(options,) = HfArgumentParser(Options).parse_args_into_dataclasses()',
      ...REPORT,
    ]),
    asked: ASKED,
  },
  {
    name: 'HfArgumentParser with outside classes',
    files: project([
      'from transformers import HfArgumentParser, TrainingArguments',
      'HfArgumentParser((TrainingArguments,)).parse_args_into_dataclasses()',
      ...REPORT,
    ]),
    asked: ASKED,
  },
  {
    name: 'tyro',
    files: project([
      'import tyro',
      'from dataclasses import dataclass',
      '@dataclass(frozen=True)',
      'class Options:',
      '    learning_rate: float',
      'tyro.cli(Options)',
      ...REPORT,
    ]),
    asked: ASKED,
  },
  {
    name: 'tyro with nested options',
    files: project([
      'import tyro',
      'from dataclasses import dataclass',
      '@dataclass',
      'class Options:',
      '    model: Model',
      'tyro.cli(Options)',
      ...REPORT,
    ]),
    asked: { ...ASKED, parameters: ['model.lr'] },
  },
  { name: 'docopt', files: project(['from docopt import docopt', 'docopt(__doc__)', ...REPORT]), asked: ASKED },
  {
    name: 'the Lightning CLI',
    files: project(['from lightning.pytorch.cli import LightningCLI', 'LightningCLI()', ...REPORT]),
    asked: ASKED,
  },
  {
    name: 'a command line from an outside module',
    files: project(['from acme.training import main', 'main()']),
    asked: ASKED,
  },
  {
    name: 'a program that starts another',
    files: project(['import subprocess', 'subprocess.run(["python", "-m", "worker"])']),
    asked: ASKED,
  },
  {
    name: 'modules loaded by name',
    files: project(['import importlib', 'importlib.import_module(NAME).run()']),
    asked: ASKED,
  },
  {
    name: 'a tag from a variable',
    files: project([
      ...ARGPARSE,
      'parser.add_argument("--learning_rate")',
      'parser.add_argument("--tag")',
      'a = parser.parse_args()',
      'import hypertune',
      'hypertune.HyperTune().report_hyperparameter_tuning_metric(hyperparameter_metric_tag=a.tag, metric_value=1)',
    ]),
    asked: ASKED,
  },
  {
    name: 'tags in a loop',
    files: project([
      ...ARGPARSE,
      'parser.add_argument("--learning_rate")',
      'a = parser.parse_args()',
      'import hypertune',
      'for tag, value in results.items(): hypertune.HyperTune().report_hyperparameter_tuning_metric(tag, value)',
    ]),
    asked: ASKED,
  },
  {
    name: 'a tag of known parts',
    files: project([
      ...ARGPARSE,
      'parser.add_argument("--learning_rate")',
      'a = parser.parse_args()',
      'import hypertune',
      'PART = "racy"',
      'hypertune.HyperTune().report_hyperparameter_tuning_metric(hyperparameter_metric_tag=f"accu{PART}", metric_value=1)',
    ]),
    asked: ASKED,
  },
  {
    name: 'one of two tags',
    files: project([
      ...ARGPARSE,
      'parser.add_argument("--learning_rate")',
      'a = parser.parse_args()',
      'import hypertune',
      'tag = "accuracy" if a else "loss"',
      'hypertune.HyperTune().report_hyperparameter_tuning_metric(tag, 1)',
    ]),
    asked: ASKED,
  },
  {
    name: 'the default tag',
    files: project([
      ...ARGPARSE,
      'parser.add_argument("--learning_rate")',
      'a = parser.parse_args()',
      'import hypertune',
      'hypertune.HyperTune().report_hyperparameter_tuning_metric(None, 1)',
    ]),
    asked: { ...ASKED, metrics: ['training/hptuning/metric'] },
  },
  {
    name: 'the method handed on',
    files: project([
      ...ARGPARSE,
      'parser.add_argument("--learning_rate")',
      'a = parser.parse_args()',
      'import hypertune',
      'run(hypertune.HyperTune().report_hyperparameter_tuning_metric)',
    ]),
    asked: ASKED,
  },
  {
    name: 'the metric file by hand',
    files: {
      ...project([
        ...ARGPARSE,
        'parser.add_argument("--learning_rate")',
        'a = parser.parse_args()',
        'import os',
        'open(os.environ["CLOUD_ML_HP_METRIC_FILE"], "w")',
      ]),
      'requirements.txt': 'numpy',
    },
    asked: ASKED,
  },
  {
    name: "Google's own base image",
    files: {
      ...project([...ARGPARSE, 'parser.add_argument("--learning_rate")', 'a = parser.parse_args()', ...REPORT]),
      Dockerfile: DOCKERFILE.replace(
        'python:3.12-slim',
        'us-docker.pkg.dev/vertex-ai/training/pytorch-gpu.2-4.py310:latest',
      ),
      'requirements.txt': 'numpy',
    },
    asked: ASKED,
  },
  {
    name: 'syntax that cannot be read',
    files: project([...ARGPARSE, 'parser.parse_args()', 'def (:', ...REPORT]),
    asked: ASKED,
  },
  {
    name: 'words that end in --',
    files: { ...project([...ARGPARSE, 'parser.parse_args()', ...REPORT]), Dockerfile: started('train.py', '--') },
    asked: ASKED,
  },
  {
    name: 'wandb, mlflow and git in an ordinary program',
    files: project([
      ...ARGPARSE,
      'import subprocess, wandb, mlflow',
      'subprocess.check_output(["git", "rev-parse", "HEAD"])',
      'parser.add_argument("--learning_rate")',
      'args = parser.parse_args()',
      'print(parser)',
      'wandb.init(config=vars(args))',
      ...REPORT,
    ]),
    asked: ASKED,
  },
];

export const WRONG_PROGRAMS: readonly Case[] = [
  {
    name: 'absl, without its own flags in the list',
    files: project([
      'from absl import app, flags',
      'flags.DEFINE_bool("shuffle", 1, "x")',
      'flags.DEFINE_integer("epochs", 1, "x")',
      'app.run(print)',
      ...REPORT,
    ]),
    asked: ASKED,
    told: [
      'error: train.py:2:1: the program refuses --learning_rate (the parameter "learning_rate"): absl takes --shuffle, --noshuffle, --epochs. Rename the parameter, or declare --learning_rate. [flag-unknown]',
    ],
  },

  {
    name: 'a parser and its values by one name',
    files: project([
      'import argparse, torch',
      'def get_parser():',
      '    p = argparse.ArgumentParser()',
      '    p.add_argument("--rate")',
      '    return p',
      'args = get_parser()',
      'args = args.parse_args()',
      'torch.save(args, "x")',
      ...REPORT,
    ]),
    asked: ASKED,
    told: [
      'error: train.py:3:9: the program refuses --learning_rate (the parameter "learning_rate"): argparse takes --rate. Rename the parameter, or declare --learning_rate. [flag-unknown]',
    ],
  },

  {
    name: 'numbers that end in a point, bare yields, form feeds',
    files: project([
      ...ARGPARSE,
      'parser.add_argument("--rate", default=1., type=float)',
      'half = 1. if 0. or parser else 2. / 4.',
      '\f',
      'def each():',
      '    yield',
      'args = parser.parse_args()',
      ...REPORT,
    ]),
    asked: ASKED,
    told: [
      'error: train.py:2:10: the program refuses --learning_rate (the parameter "learning_rate"): argparse takes --rate. Rename the parameter, or declare --learning_rate. [flag-unknown]',
    ],
  },

  {
    name: 'argparse, - for _',
    files: project([...ARGPARSE, 'parser.add_argument("--learning-rate")', 'args = parser.parse_args()', ...REPORT]),
    asked: ASKED,
    told: [
      'error: train.py:3:21: the program refuses --learning_rate (the parameter "learning_rate"): argparse takes only the spelling that is declared, --learning-rate. Rename the parameter to "learning-rate", or declare --learning_rate. [flag-unknown]',
    ],
  },
  {
    name: 'argparse, a misspelt parameter',
    files: project([
      ...ARGPARSE,
      'parser.add_argument("--epochs")',
      'parser.add_argument("--learning_rate")',
      'args = parser.parse_args()',
      ...REPORT,
    ]),
    asked: { ...ASKED, parameters: ['learning_rte'] },
    told: [
      'error: train.py:4:21: the program refuses --learning_rte (the parameter "learning_rte"): argparse takes --epochs, --learning_rate; the nearest is --learning_rate. Rename the parameter to "learning_rate", or declare --learning_rte. [flag-unknown]',
    ],
  },
  {
    name: 'argparse, only the beginning of a flag',
    files: project([...ARGPARSE, 'parser.add_argument("--learning_rate")', 'args = parser.parse_args()', ...REPORT]),
    asked: { ...ASKED, parameters: ['learning_rat'] },
    told: [
      'warning: train.py:3:21: argparse takes --learning_rat (the parameter "learning_rat") only as the beginning of --learning_rate, as long as no other flag begins so. Rename the parameter to "learning_rate", or declare --learning_rat. [flag-abbreviated]',
    ],
  },
  {
    name: 'argparse, no abbreviations',
    files: project([
      'import argparse',
      'parser = argparse.ArgumentParser(allow_abbrev=False)',
      'parser.add_argument("--learning_rate_start")',
      'args = parser.parse_args()',
      ...REPORT,
    ]),
    asked: ASKED,
    told: [
      'error: train.py:2:10: the program refuses --learning_rate (the parameter "learning_rate"): argparse takes --learning_rate_start. Rename the parameter, or declare --learning_rate. [flag-unknown]',
    ],
  },
  {
    name: 'argparse, a flag that is only in a comment, a docstring, a string',
    files: project([
      '"""--learning_rate"""',
      ...ARGPARSE,
      '# parser.add_argument("--learning_rate")',
      'print("parser.add_argument(\'--learning_rate\')")',
      'args = parser.parse_args()',
      ...REPORT,
    ]),
    asked: ASKED,
    told: [
      'error: train.py:3:10: the program refuses --learning_rate (the parameter "learning_rate"): argparse takes no flag. Rename the parameter, or declare --learning_rate. [flag-unknown]',
    ],
  },
  {
    name: 'argparse in a module that only runs by itself',
    files: {
      ...project(['import other', ...ARGPARSE, 'parser.parse_args()', ...REPORT]),
      'other.py': lines(
        'import argparse',
        'if __name__ == "__main__":',
        '    p = argparse.ArgumentParser()',
        '    p.add_argument("--learning_rate")',
        '    p.parse_known_args()',
      ),
    },
    asked: ASKED,
    told: [
      'error: train.py:3:10: the program refuses --learning_rate (the parameter "learning_rate"): argparse takes no flag. Rename the parameter, or declare --learning_rate. [flag-unknown]',
    ],
  },
  {
    name: 'parse_known_args, - for _',
    files: project([
      ...ARGPARSE,
      'parser.add_argument("--learning-rate")',
      'args, _ = parser.parse_known_args()',
      ...REPORT,
    ]),
    asked: ASKED,
    told: [
      'warning: train.py:3:21: --learning_rate (the parameter "learning_rate") is not declared, and parse_known_args lets it fall without a word: argparse takes only the spelling that is declared, --learning-rate. Rename the parameter to "learning-rate", or declare --learning_rate. [flag-unknown]',
    ],
  },
  {
    name: 'many flags, none near',
    files: project([
      ...ARGPARSE,
      ...'abcdefghij'.split('').map((letter) => `parser.add_argument("--${letter.repeat(9)}")`),
      'args = parser.parse_args()',
      ...REPORT,
    ]),
    asked: ASKED,
    told: [
      'error: train.py:2:10: the program refuses --learning_rate (the parameter "learning_rate"): argparse takes --aaaaaaaaa, --bbbbbbbbb, --ccccccccc, --ddddddddd, --eeeeeeeee, --fffffffff, --ggggggggg, --hhhhhhhhh and 2 more. Rename the parameter, or declare --learning_rate. [flag-unknown]',
    ],
  },
  {
    name: 'an argument of the job',
    files: project([...ARGPARSE, 'parser.add_argument("--epochs")', 'args = parser.parse_args()']),
    asked: { args: ['--epoch', '3', '--epochz=3', '--', '--free'] },
    told: [
      'error: train.py:3:21: the program refuses --epochz: argparse takes --epochs. Write --epochs, or declare --epochz. [flag-unknown]',
    ],
  },
  {
    name: 'an argument of the image',
    files: {
      ...project([...ARGPARSE, 'parser.add_argument("--epochs")', 'args = parser.parse_args()']),
      Dockerfile: started('train.py', '--epochz', '3'),
    },
    told: [
      'error: train.py:3:21: the program refuses --epochz: argparse takes --epochs. Write --epochs, or declare --epochz. [flag-unknown]',
    ],
  },
  {
    name: 'click takes no beginnings',
    files: project([
      'import click',
      '@click.command()',
      '@click.option("--learning_rates")',
      'def main(learning_rates): pass',
      'main()',
      ...REPORT,
    ]),
    asked: ASKED,
    told: [
      'error: train.py:3:15: the program refuses --learning_rate (the parameter "learning_rate"): click takes --learning_rates. Rename the parameter to "learning_rates", or declare --learning_rate. [flag-unknown]',
    ],
  },
  {
    name: 'absl, - for _',
    files: project([
      'from absl import app',
      'from absl import flags',
      'flags.DEFINE_float("learning-rate", 1, "x")',
      'app.run(print)',
      ...REPORT,
    ]),
    asked: ASKED,
    told: [
      'error: train.py:3:1: the program refuses --learning_rate (the parameter "learning_rate"): absl takes only the spelling that is declared, --learning-rate. Rename the parameter to "learning-rate", or declare --learning_rate. [flag-unknown]',
    ],
  },
  {
    name: 'fire',
    files: project([
      'from fire import Fire',
      'def main(rate=0.1): pass',
      'if __name__ == "__main__":',
      '    Fire(main)',
      ...REPORT,
    ]),
    asked: ASKED,
    told: [
      'error: train.py:4:5: the program refuses --learning_rate (the parameter "learning_rate"): Fire takes --rate. Rename the parameter, or declare --learning_rate. [flag-unknown]',
    ],
  },
  {
    name: 'typer makes dashes of underscores',
    files: project([
      'import typer',
      'def main(path: str, learning_rate: float = 0.1): pass',
      'typer.run(main)',
      ...REPORT,
    ]),
    asked: ASKED,
    told: [
      'error: train.py:2:21: the program refuses --learning_rate (the parameter "learning_rate"): typer takes only the spelling that is declared, --learning-rate. Rename the parameter to "learning-rate", or declare --learning_rate. [flag-unknown]',
    ],
  },
  {
    name: 'Hydra',
    files: project([
      'import hydra',
      '@hydra.main(version_base=None, config_path="conf")',
      'def main(config): pass',
      'main()',
      ...REPORT,
    ]),
    asked: ASKED,
    told: [
      `error: train.py:2:1: Hydra takes learning_rate=… and refuses --learning_rate (the parameter "learning_rate"), which is how a job's flags come. Take the dashes off before hydra.main runs: sys.argv[1:] = [word.removeprefix("--") for word in sys.argv[1:]]. [flag-form]`,
    ],
  },
  {
    name: 'HfArgumentParser',
    files: project([
      'from dataclasses import dataclass',
      'from transformers import HfArgumentParser',
      '@dataclass',
      'class Base:',
      '    epochs: int = 1',
      '@dataclass',
      'class Options(Base):',
      '    rate: float = 1.0',
      'HfArgumentParser(Options).parse_args_into_dataclasses()',
      ...REPORT,
    ]),
    asked: ASKED,
    told: [
      'error: train.py:9:1: the program refuses --learning_rate (the parameter "learning_rate"): HfArgumentParser takes --epochs, --rate. Rename the parameter, or declare --learning_rate. [flag-unknown]',
    ],
  },
  {
    name: 'tyro',
    files: project([
      'import tyro, dataclasses',
      '@dataclasses.dataclass',
      'class Options:',
      '    rate: float | None = None',
      'tyro.cli(Options)',
      ...REPORT,
    ]),
    asked: ASKED,
    told: [
      'error: train.py:5:1: the program refuses --learning_rate (the parameter "learning_rate"): tyro takes --rate. Rename the parameter, or declare --learning_rate. [flag-unknown]',
    ],
  },
  {
    name: 'no command line at all',
    files: project(['import numpy as np', 'RATE = 0.1', ...REPORT]),
    asked: ASKED,
    told: [
      'error: train.py:1:1: the program reads no command line, so that --learning_rate cannot arrive. Read it with argparse: parser.add_argument("--learning_rate", type=float). [arguments-unread]',
    ],
  },
  {
    name: 'a misspelt tag',
    files: project([...ARGPARSE, 'parser.add_argument("--learning_rate")', 'args = parser.parse_args()', ...REPORT]),
    asked: { ...ASKED, metrics: ['acuracy', 'accuracy', 'loss'] },
    told: [
      'error: train.py:6:1: no code reports the metric "acuracy"; reported: "accuracy". Report it with hyperparameter_metric_tag="acuracy", or name "accuracy" in metrics. [metric-not-reported]',
      'error: train.py:6:1: no code reports the metric "loss"; reported: "accuracy". Report it with hyperparameter_metric_tag="loss", or name "accuracy" in metrics. [metric-not-reported]',
    ],
  },
  {
    name: 'a misspelt tag beside an outside module',
    files: project([
      ...ARGPARSE,
      'import acme',
      'parser.add_argument("--learning_rate")',
      'args = parser.parse_args()',
      ...REPORT,
    ]),
    asked: { ...ASKED, metrics: ['acuracy'] },
    told: [
      'warning: train.py:7:1: no code reports the metric "acuracy"; reported: "accuracy". Report it with hyperparameter_metric_tag="acuracy", or name "accuracy" in metrics. [metric-not-reported]',
    ],
  },
  {
    name: 'no report at all',
    files: project([
      ...ARGPARSE,
      'parser.add_argument("--learning_rate")',
      'args = parser.parse_args()',
      '# report_hyperparameter_tuning_metric("accuracy", 1)',
      'print("accuracy", 1)',
    ]),
    asked: ASKED,
    told: [
      'error: train.py:1:1: no code reports the metric "accuracy": no trial would have a result. Call hypertune.HyperTune().report_hyperparameter_tuning_metric(hyperparameter_metric_tag="accuracy", metric_value=…) after each epoch, of the package cloudml-hypertune. [metric-not-reported]',
    ],
  },
  {
    name: 'a report without a tag',
    files: project([
      ...ARGPARSE,
      'parser.add_argument("--learning_rate")',
      'args = parser.parse_args()',
      'import hypertune',
      'hypertune.HyperTune().report_hyperparameter_tuning_metric(metric_value=1)',
    ]),
    asked: ASKED,
    told: [
      'error: train.py:6:1: no code reports the metric "accuracy"; reported: "training/hptuning/metric". Report it with hyperparameter_metric_tag="accuracy", or name "training/hptuning/metric" in metrics. [metric-not-reported]',
    ],
  },
  {
    name: 'hypertune not installed',
    files: {
      ...project([...ARGPARSE, 'parser.add_argument("--learning_rate")', 'args = parser.parse_args()', ...REPORT]),
      'requirements.txt': lines('# cloudml-hypertune', '-r more.txt', 'torch'),
      'more.txt': 'numpy',
    },
    asked: ASKED,
    told: [
      'warning: requirements.txt:1:1: nothing installs cloudml-hypertune, unless the base image python:3.12-slim holds it: train.py imports hypertune. Add a line with cloudml-hypertune. [hypertune-missing]',
    ],
  },
  {
    name: 'nothing installed',
    files: {
      ...project([...ARGPARSE, 'parser.add_argument("--learning_rate")', 'args = parser.parse_args()', ...REPORT]),
      Dockerfile: DOCKERFILE.replace('-r requirements.txt', '--upgrade pip torch'),
    },
    asked: ASKED,
    told: [
      'warning: Dockerfile:4:1: nothing installs cloudml-hypertune, unless the base image python:3.12-slim holds it: train.py imports hypertune. Add it: RUN pip install cloudml-hypertune. [hypertune-missing]',
    ],
  },
];
