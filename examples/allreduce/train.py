"""Trains a logistic regression with several replicas at once, in Python alone.

Each replica reads its own shard of the examples. In each step all add up their gradients by a ring all-reduce and make the
same step, so that their weights stay the same to the last bit, and the result is that of a single replica but for rounding.
"""

import argparse
import hashlib
import json
import math
import os
import random
import signal
import sys
import time
from array import array
from collections.abc import Iterable
from pathlib import Path

from ring import NeighbourLost, Place, Ring, RingError, read_place

# The last one is the constant.
FEATURES = 16

# How long a replica that has lost another one waits, in seconds.
RESTART_WAIT = 120

Example = tuple[list[float], int]


def whole_number(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not above 0")
    return number


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--epochs", type=whole_number, default=8)
    parser.add_argument("--examples", type=whole_number, default=3000, help="of which a fifth tests the model")
    parser.add_argument("--batch-size", type=whole_number, default=120, help="over all replicas together")
    parser.add_argument("--learning-rate", type=float, default=0.5)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--patience", type=float, default=600, help="seconds to wait for another replica")
    parser.add_argument("--alone", action="store_true", help="trains without CLUSTER_SPEC, with a single replica")
    arguments = parser.parse_args()
    if arguments.examples < 5:
        parser.error("--examples: a fifth of them tests the model, so that at least 5 are needed")
    return arguments


def sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))


def dot(left: Iterable[float], right: Iterable[float]) -> float:
    return sum(map(float.__mul__, left, right))


def make_examples(count: int, seed: int) -> list[Example]:
    """Points whose class depends on a hidden direction, and on chance; the same in every replica."""
    chance = random.Random(seed)
    hidden = [chance.gauss(0, 1.5) for _ in range(FEATURES)]
    examples = []
    for _ in range(count):
        point = [chance.gauss(0, 1) for _ in range(FEATURES - 1)] + [1.0]
        examples.append((point, int(chance.random() < sigmoid(dot(hidden, point)))))
    return examples


def shard_of(examples: list[Example], ring: Ring) -> dict[int, Example]:
    """Every N-th example, by its number: replicas of real data would read only these."""
    return {number: examples[number] for number in range(ring.rank, len(examples), ring.size)}


def add_gradient(sums: array, weights: array, example: Example) -> None:
    """Adds the gradient of one example's loss, and behind it the loss."""
    point, label = example
    score = dot(weights, point)
    slope = sigmoid(score) - label
    for index, value in enumerate(point):
        sums[index] += slope * value
    # The logarithm of 1 + exp(x), of which the second form does not overflow.
    signed = -score if label else score
    sums[FEATURES] += max(signed, 0.0) + math.log1p(math.exp(-abs(signed)))


def train(arguments: argparse.Namespace, ring: Ring, examples: list[Example]) -> array:
    own = shard_of(examples, ring)
    print(f"replica {ring.rank} of {ring.size} has {len(own)} of {len(examples)} examples", flush=True)
    weights = array("d", [0.0] * FEATURES)
    for epoch in range(1, arguments.epochs + 1):
        order = list(range(len(examples)))
        random.Random(arguments.seed + epoch).shuffle(order)
        loss = 0.0
        for start in range(0, len(order), arguments.batch_size):
            batch = order[start : start + arguments.batch_size]
            sums = array("d", [0.0] * (FEATURES + 1))
            for number in batch:
                if number in own:
                    add_gradient(sums, weights, own[number])
            ring.all_reduce(sums)
            for index in range(FEATURES):
                weights[index] -= arguments.learning_rate * sums[index] / len(batch)
            loss += sums[FEATURES]
        print(f"epoch {epoch}/{arguments.epochs}: loss {loss / len(order):.6f}", flush=True)
    return weights


def evaluate(ring: Ring, weights: array, examples: list[Example]) -> dict[str, float]:
    """The loss and the accuracy on examples that the training has not seen; each replica looks at its shard."""
    sums = array("d", [0.0] * (FEATURES + 2))
    for point, label in shard_of(examples, ring).values():
        add_gradient(sums, weights, (point, label))
        sums[FEATURES + 1] += (dot(weights, point) > 0) == bool(label)
    ring.all_reduce(sums)
    return {"loss": sums[FEATURES] / len(examples), "accuracy": sums[FEATURES + 1] / len(examples)}


def save(weights: array, metrics: dict[str, float], replicas: int, model_folder: str) -> None:
    """Writes the model, and beside its folder the metrics; Vertex AI shows the bucket gs://name as the folder /gcs/name."""
    folder = Path(model_folder.replace("gs://", "/gcs/", 1) if model_folder.startswith("gs://") else model_folder)
    folder.mkdir(parents=True, exist_ok=True)
    model = {"weights": list(weights), "replicas": replicas}
    for path, value in ((folder / "model.json", model), (folder.parent / "metrics.json", metrics)):
        path.write_text(json.dumps(value) + "\n")
        print(f"written: {path}", flush=True)


def main() -> None:
    arguments = parse_arguments()
    place = Place(0, (("localhost", 0),)) if arguments.alone else read_place(os.environ)
    examples = make_examples(arguments.examples, arguments.seed)
    tested = len(examples) // 5
    with Ring(place, arguments.patience) as ring:
        weights = train(arguments, ring, examples[tested:])
        digest = hashlib.sha256(weights.tobytes()).hexdigest()
        print(f"replica {ring.rank} has the weights {digest}", flush=True)
        # The last of the replicas' common work: the job ends with its chief, and all have said their part by then.
        metrics = evaluate(ring, weights, examples[:tested])
    if place.rank > 0:
        return
    print(f"test loss {metrics['loss']:.6f}, accuracy {metrics['accuracy']:.4f}", flush=True)
    model_folder = os.environ.get("AIP_MODEL_DIR")
    if model_folder:
        save(weights, metrics, place.size, model_folder)
    else:
        print("AIP_MODEL_DIR is not set: the model is not written", flush=True)


if __name__ == "__main__":
    # The first process of a container is not ended by this signal unless it says so.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        main()
    except NeighbourLost as error:
        # Its machine may have been taken away, and then all replicas are started again. To fail now would be taken for a
        # fault of this program, which is not tried again; where the other has failed by itself, the job ends at once.
        print(f"{error}: waiting to be started again", flush=True)
        time.sleep(RESTART_WAIT)
        sys.exit(f"train.py: {error}, and nothing was started again for {RESTART_WAIT} s")
    except RingError as error:
        sys.exit(f"train.py: {error}")
