"""Trains a small neural network on scikit-learn's handwritten digits and reports its accuracy after every epoch."""

import argparse
import os
from pathlib import Path

import hypertune
import joblib
import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier


def whole_number(text: str) -> int:
    """Reads 32 and also 32.0: tuning services may write whole numbers either way."""
    number = float(text)
    if number != int(number):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number")
    return int(number)


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--learning-rate", type=float, default=0.003)
    parser.add_argument("--hidden-units", type=whole_number, default=32)
    parser.add_argument("--optimizer", choices=["adam", "sgd"], default="adam")
    parser.add_argument("--epochs", type=whole_number, default=40)
    parser.add_argument("--seed", type=whole_number, default=0)
    return parser.parse_args()


def load_data(seed: int) -> list[np.ndarray]:
    """Gives training pixels, test pixels, training labels and test labels; the images ship inside scikit-learn."""
    pixels, labels = load_digits(return_X_y=True)
    return train_test_split(pixels / 16.0, labels, test_size=0.25, random_state=seed, stratify=labels)


def train(arguments: argparse.Namespace) -> MLPClassifier:
    train_x, test_x, train_y, test_y = load_data(arguments.seed)
    model = MLPClassifier(
        hidden_layer_sizes=(arguments.hidden_units,),
        solver=arguments.optimizer,
        learning_rate_init=arguments.learning_rate,
        batch_size=64,
        random_state=arguments.seed,
    )
    reporter = hypertune.HyperTune()
    for epoch in range(1, arguments.epochs + 1):
        model.partial_fit(train_x, train_y, classes=np.arange(10))
        accuracy = model.score(test_x, test_y)
        print(f"epoch {epoch}/{arguments.epochs}: loss {model.loss_:.4f}, accuracy {accuracy:.4f}", flush=True)
        reporter.report_hyperparameter_tuning_metric(
            hyperparameter_metric_tag="accuracy", metric_value=accuracy, global_step=epoch
        )
    return model


def save(model: MLPClassifier, folder: str) -> None:
    """Writes the model; Vertex AI shows the bucket gs://name as the folder /gcs/name."""
    path = Path(folder.replace("gs://", "/gcs/", 1) if folder.startswith("gs://") else folder)
    path.mkdir(parents=True, exist_ok=True)
    joblib.dump(model, path / "model.joblib")
    print(f"model written to {path / 'model.joblib'}", flush=True)


def main() -> None:
    arguments = parse_arguments()
    print(f"training with {vars(arguments)}", flush=True)
    model = train(arguments)
    folder = os.environ.get("AIP_MODEL_DIR")
    if folder:
        save(model, folder)


if __name__ == "__main__":
    main()
