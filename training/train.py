"""Trains the shipped model and writes its package. See README.md for the commands."""

import environment  # noqa: F401  before anything that computes

import argparse
import dataclasses
import json
import sys
import time
from pathlib import Path

import dataset
import labels
import metrics
import package
from fit import Fitted, Settings, fit, logits_and_halt

NAME, VERSION = "us-equities", "us-equities-2"


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("features", help="CSV made by: trm features --outcomes --from 2010-01-04 --to 2022-12-30 --csv FILE")
    arguments.add_argument("--out", default="model/us-equities", help="folder of the package")
    arguments.add_argument("--like", metavar="FOLDER", help="a package to compare the weights with afterwards; the result goes into its evaluation/reproduction.json")
    for option, default in [("epochs", Settings.epochs), ("seed", Settings.seed), ("hidden", Settings.hidden), ("device", Settings.device)]:
        arguments.add_argument(f"--{option}", type=type(default), default=default)
    options = arguments.parse_args()

    started = time.monotonic()
    settings = Settings(hidden=options.hidden, epochs=options.epochs, seed=options.seed, device=options.device)
    rows = dataset.load(options.features)
    fold = dataset.fold(rows, dataset.TEST_YEAR)
    fitted = fit(fold, settings, say=lambda line: print(line, flush=True))
    fitted.model.cpu()

    out = Path(options.out)
    package.write(out, NAME, VERSION, fitted, fold, facts(fitted, fold, settings))
    parameters = sum(p.numel() for p in fitted.model.parameters())
    print(f"wrote {out}: {parameters:,} parameters, epoch {fitted.epoch}, temperature {fitted.temperature:.4f}")
    if options.like:
        compare(fitted, Path(options.like), started)


def facts(fitted: Fitted, fold: dataset.Fold, settings: Settings) -> dict:
    return {
        "first_session": fold.train.dates[0],
        "last_session": dataset.LAST_TRAINING_SESSION,
        "market": "us-equities",
        "last_row": fold.train.dates[-1],
        "rows": len(fold.train),
        "epoch": fitted.epoch,
        "settings": dataclasses.asdict(settings),
        "validation": {"first_session": fold.validation.dates[0], "last_session": fold.validation.dates[-1], "rows": len(fold.validation)},
        "labels": labels.support(fold.train.utilities),
        "metrics": {name: losses(fitted, part, fold) for name, part in [("train", fold.train), ("validation", fold.validation)]},
    }


def losses(fitted: Fitted, rows: dataset.Rows, fold: dataset.Fold) -> dict:
    logits, _ = logits_and_halt(fitted, rows)
    return {
        "rows": len(rows),
        "log_loss": metrics.cross_entropy(rows.targets, metrics.softmax(logits)),
        "log_loss_of_prior": metrics.cross_entropy(rows.targets, fold.train.targets.mean(axis=0)[None]),
        "log_loss_of_targets": metrics.cross_entropy(rows.targets, rows.targets),
    }


def compare(fitted: Fitted, other: Path, started: float) -> None:
    """Leaves beside the other package how far its weights are from those of this run, and what the run took."""
    theirs = package.read(other)[1].model.state_dict()
    result = {
        "command": " ".join(["/usr/bin/python3", *sys.argv]),
        "largest_difference": max((tensor - theirs[name]).abs().max().item() for name, tensor in fitted.model.state_dict().items()),
        "processor_seconds": round(time.process_time()),
        "seconds": round(time.monotonic() - started),
    }
    (other / "evaluation").mkdir(exist_ok=True)
    (other / "evaluation" / "reproduction.json").write_text(json.dumps(result, indent=1) + "\n")
    print(f"weights differ from those of {other} by at most {result['largest_difference']:.3g}")


if __name__ == "__main__":
    main()
