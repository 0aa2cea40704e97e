"""Fits a curve through noisy points with one of two models, in Python alone, and reports the error of each fold.

Which parameters there are depends on the model: a polynomial has a degree and a ridge, the mean of the nearest
neighbours has their number and their weights, and weights that fall with the distance have a width.
"""

import argparse
import json
import math
import os
import random
import time
from collections.abc import Callable
from pathlib import Path

Points = list[tuple[float, float]]
Model = Callable[[float], float]

METRIC = "error"


def whole_number(text: str) -> int:
    """Reads 8 and also 8.0: tuning services may write whole numbers either way."""
    number = float(text)
    if number != int(number):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number")
    return int(number)


def parse_arguments() -> argparse.Namespace:
    """Only the parameters that are active in the trial are given; those that the model needs must be."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", choices=["polynomial", "neighbours"], required=True)
    parser.add_argument("--degree", type=whole_number)
    parser.add_argument("--ridge", type=float)
    parser.add_argument("--neighbours", type=whole_number)
    parser.add_argument("--weights", choices=["even", "gaussian"])
    parser.add_argument("--width", type=float)
    arguments = parser.parse_args()
    wanted = {"model"}
    wanted |= {"degree", "ridge"} if arguments.model == "polynomial" else {"neighbours", "weights"}
    if arguments.weights == "gaussian":
        wanted.add("width")
    for name, value in vars(arguments).items():
        if (value is not None) != (name in wanted):
            parser.error(f"--{name} {'is missing' if value is None else 'has no meaning'} in this model")
    return arguments


def noisy_points(count: int = 240) -> Points:
    chance = random.Random(0)
    places = [chance.random() for _ in range(count)]
    return [(x, math.sin(9 * x) + 0.3 * x + chance.gauss(0, 0.2)) for x in places]


def solve(matrix: list[list[float]], right: list[float]) -> list[float]:
    """Solves linear equations by Gauss's elimination; a ridge makes sure that there is a solution."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    for column in range(len(rows)):
        pivot = max(range(column, len(rows)), key=lambda row: abs(rows[row][column]))
        rows[column], rows[pivot] = rows[pivot], rows[column]
        for row in range(len(rows)):
            if row != column:
                factor = rows[row][column] / rows[column][column]
                rows[row] = [a - factor * b for a, b in zip(rows[row], rows[column], strict=True)]
    return [row[-1] / row[index] for index, row in enumerate(rows)]


def polynomial(points: Points, degree: int, ridge: float) -> Model:
    def powers(x: float) -> list[float]:
        return [(2 * x - 1) ** power for power in range(degree + 1)]

    table = [powers(x) for x, _ in points]
    size = range(degree + 1)
    matrix = [[sum(row[i] * row[j] for row in table) + ridge * (i == j) for j in size] for i in size]
    right = [sum(row[i] * y for row, (_, y) in zip(table, points, strict=True)) for i in size]
    weights = solve(matrix, right)
    return lambda x: sum(weight * power for weight, power in zip(weights, powers(x), strict=True))


def neighbours(points: Points, count: int, width: float | None) -> Model:
    def mean(x: float) -> float:
        near = sorted(points, key=lambda point: abs(point[0] - x))[:count]
        # The tiny share keeps the sum above zero where all are far away.
        weights = [1.0 if width is None else math.exp(-(((px - x) / width) ** 2)) + 1e-12 for px, _ in near]
        return sum(weight * y for weight, (_, y) in zip(weights, near, strict=True)) / sum(weights)

    return mean


def fit(arguments: argparse.Namespace, points: Points) -> Model:
    if arguments.model == "polynomial":
        return polynomial(points, arguments.degree, arguments.ridge)
    return neighbours(points, arguments.neighbours, arguments.width)


def report(lines: list[str], value: float, step: int) -> None:
    """Does by hand what the package cloudml-hypertune does: one JSON object a line, in the file that the service reads."""
    entry = {
        "checkpoint_path": "",
        "global_step": str(step),
        METRIC: str(value),
        "timestamp": time.time(),
        "trial": os.environ.get("CLOUD_ML_TRIAL_ID", "0"),
    }
    lines.append(json.dumps(entry, sort_keys=True))
    path = Path(os.environ.get("CLOUD_ML_HP_METRIC_FILE", "/tmp/hypertune/output.metrics"))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n")


def main() -> None:
    arguments = parse_arguments()
    given = {name: value for name, value in vars(arguments).items() if value is not None}
    print(f"training with {given}", flush=True)
    points = noisy_points()
    folds = 6
    squares: list[float] = []
    lines: list[str] = []
    for fold in range(folds):
        model = fit(arguments, [point for index, point in enumerate(points) if index % folds != fold])
        squares += [(model(x) - y) ** 2 for x, y in points[fold::folds]]
        error = math.sqrt(sum(squares) / len(squares))
        print(f"fold {fold + 1}/{folds}: error {error:.4f}", flush=True)
        report(lines, error, fold + 1)


if __name__ == "__main__":
    main()
