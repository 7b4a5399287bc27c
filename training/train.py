"""Trains the shipped model and writes its package. See README.md for the commands."""

import argparse
import copy
import time
from pathlib import Path

import numpy as np
import torch
from torch.nn.functional import binary_cross_entropy_with_logits, log_softmax

import card
import dataset as data
import labels
import metrics
import package
from model import Trm

SEED = 20260101
EPOCHS = 40
PATIENCE = 6
BATCH = 64
LEARNING_RATE = 1e-4
WEIGHT_DECAY = 0.1
EMA_DECAY = 0.997
INPUT_NOISE = 0.4
HALT_WEIGHT = 0.1


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("features", help="CSV made by: trm features --from 2010-01-04 --to 2022-12-30 --csv FILE")
    arguments.add_argument("--out", default="model/us-equities", help="folder of the package")
    arguments.add_argument("--epochs", type=int, default=EPOCHS)
    arguments.add_argument("--seed", type=int, default=SEED)
    options = arguments.parse_args()

    make_deterministic(options.seed)
    rows = data.load(options.features)
    model = fit(rows, options.epochs, options.seed)
    results = report(model, rows)

    training = {
        "first_session": rows.train.dates[0],
        "last_session": data.LAST_SHAPING_SESSION,
        "market": "us-equities",
        "rows": len(rows.train.dates),
        "seed": options.seed,
        "label_horizon_sessions": labels.HORIZON,
        "train_until": rows.train.dates[-1],
        "validation": {"first_session": rows.validation.dates[0], "last_session": rows.validation.dates[-1]},
        "metrics": results,
    }
    out = Path(options.out)
    package.write(out, "us-equities", "us-equities-1", model, rows, training)
    card.write(out / "README.md", training)
    print(f"wrote {out}: {sum(p.numel() for p in model.parameters()):,} parameters")


def make_deterministic(seed: int) -> None:
    """The same bits for the same CSV on the same machine; another BLAS or thread count rounds differently."""
    torch.manual_seed(seed)
    torch.use_deterministic_algorithms(True)
    torch.set_num_threads(2)


def fit(rows: data.Dataset, epochs: int, seed: int) -> Trm:
    """The averaged weights of the epoch with the lowest validation log-loss."""
    random = np.random.default_rng(seed)
    model = Trm()
    prior = rows.train.targets.mean(axis=0)
    with torch.no_grad():
        model.output_head.bias.copy_(torch.from_numpy(np.log(prior)))
    averaged = copy.deepcopy(model)
    optimiser = torch.optim.AdamW(decay_groups(model), lr=LEARNING_RATE)
    targets = torch.from_numpy(rows.train.targets.astype(np.float32))

    best, best_loss, waited, step = None, float("inf"), 0, 0
    for epoch in range(1, epochs + 1):
        started, losses = time.monotonic(), []
        inputs = torch.from_numpy(rows.normalise(data.randomise_quality(rows.train.features, random)))
        inputs += INPUT_NOISE * torch.randn(inputs.shape)
        for batch in torch.randperm(len(inputs)).split(BATCH):
            loss = loss_of(model, inputs[batch], targets[batch])
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            step += 1
            follow(averaged, model, min(EMA_DECAY, (1 + step) / (10 + step)))
            losses.append(loss.item())

        probabilities, _ = predict(averaged, rows, rows.validation.features)
        validation = metrics.cross_entropy(rows.validation.targets, probabilities)
        print(f"epoch {epoch:3} train {np.mean(losses):.4f} validation {validation:.4f} ({time.monotonic() - started:.0f} s)", flush=True)
        if validation < best_loss:
            best, best_loss, waited = copy.deepcopy(averaged), validation, 0
        elif (waited := waited + 1) == PATIENCE:
            break
    return best.eval()


def loss_of(model: Trm, inputs: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """Cross-entropy with the soft targets; and for the halt head, whether the strategy said is the best one."""
    logits, halt = model(inputs)
    right = (logits.argmax(-1) == targets.argmax(-1)).float()
    cross_entropy = -(targets * log_softmax(logits, dim=-1)).sum(-1).mean()
    return cross_entropy + HALT_WEIGHT * binary_cross_entropy_with_logits(halt, right)


def decay_groups(model: Trm) -> list[dict]:
    """Weight decay on matrices only: biases and norms carry the scale."""
    matrices = [p for p in model.parameters() if p.ndim > 1]
    others = [p for p in model.parameters() if p.ndim <= 1]
    return [{"params": matrices, "weight_decay": WEIGHT_DECAY}, {"params": others, "weight_decay": 0.0}]


@torch.no_grad()
def follow(averaged: Trm, model: Trm, decay: float) -> None:
    for mean, current in zip(averaged.parameters(), model.parameters()):
        mean.lerp_(current, 1 - decay)


@torch.no_grad()
def predict(model: Trm, rows: data.Dataset, features: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    logits, halt = model.eval()(torch.from_numpy(rows.normalise(features)))
    return logits.softmax(-1).numpy(), halt.sigmoid().numpy()


def report(model: Trm, rows: data.Dataset) -> dict:
    """Metrics of each period, and of the last one with quality 0: what a stale live feed would get."""
    prior = rows.train.targets.mean(axis=0)
    periods = {"train": rows.train, "validation": rows.validation, "2021_2022": rows.report}
    results = {}
    for name, period in periods.items():
        results[name] = metrics.evaluate(period.targets, *predict(model, rows, period.features), prior)
    stale = rows.report.features.copy()
    stale[:, data.SIGNAL_QUALITY] = 0
    results["2021_2022_quality_0"] = metrics.evaluate(rows.report.targets, *predict(model, rows, stale), prior)
    return results


if __name__ == "__main__":
    main()
