"""
Measures the model beside its baselines, without flattering it.

walk-forward   years 2014 to 2020: for each, everything (normalisation, weights, stopping, temperature, baselines) is
               found anew in the years before it. Settings are chosen by this.
validation     the shipped package over 2021, a year that its training was stopped by.
test           the shipped package over 2022. Meant to be run once, when nothing is left to choose: --open-test.

Writes NAME.json into --out, which card.py turns into the model card.
"""

import environment  # noqa: F401  before anything that computes

import argparse
import dataclasses
import json
import sys
from pathlib import Path

import numpy as np

import assess
import baselines
import dataset
import metrics
import package
from fit import Settings, fit, logits_and_halt

FIRST_YEAR, LAST_YEAR = 2014, 2020
# The architecture at a quarter of its width: seven fits of the shipped one would take hours on two cores.
WALK_FORWARD_HIDDEN = 128


def main() -> None:
    options = parse()
    rows = dataset.load(options.features, open_test=options.period == "test" and options.open_test)
    results = walk_forward(rows, options) if options.period == "walk-forward" else shipped(rows, options)
    out = Path(options.out)
    out.mkdir(parents=True, exist_ok=True)
    results = {"command": " ".join(["/usr/bin/python3", *sys.argv]), **results}
    (out / f"{options.period}.json").write_text(json.dumps(results, indent=1) + "\n")
    print_table(results)


def parse() -> argparse.Namespace:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("period", choices=["walk-forward", "validation", "test"])
    arguments.add_argument("features", help="CSV made by: trm features --outcomes --from 2010-01-04 --to 2022-12-30 --csv FILE")
    arguments.add_argument("--model", default="model/us-equities", help="folder of the package")
    arguments.add_argument("--out", default="model/us-equities/evaluation", help="folder of the results")
    arguments.add_argument("--hidden", type=int, default=WALK_FORWARD_HIDDEN, help="width of the walk-forward's models")
    arguments.add_argument("--epochs", type=int, default=Settings.epochs, help="at most so many for each of them")
    arguments.add_argument("--device", default=Settings.device)
    arguments.add_argument("--open-test", action="store_true", help=f"look at {dataset.TEST_YEAR}")
    options = arguments.parse_args()
    if options.period == "test" and not options.open_test:
        arguments.error(f"the test year {dataset.TEST_YEAR} is opened once, at the end: say --open-test if this is it")
    return options


def walk_forward(rows: dataset.Rows, options: argparse.Namespace) -> dict:
    rows = rows.until(dataset.LAST_TRAINING_SESSION)
    settings = Settings(hidden=options.hidden, epochs=options.epochs, device=options.device)
    folds, tests, halts, predictions = [], [], [], {name: [] for name in ["trm", *baselines.ALL]}
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        fold = dataset.fold(rows, year)
        fitted = fit(fold, settings)
        logits, halt = logits_and_halt(fitted, fold.test)
        predictions["trm"].append(metrics.softmax(logits))
        for name, baseline in baselines.ALL.items():
            predictions[name].append(baseline(fold))
        tests.append(fold.test)
        halts.append(halt)
        losses = {name: metrics.cross_entropy(fold.test.targets, parts[-1]) for name, parts in predictions.items()}
        folds.append({"year": year, "train_sessions": len(fold.train), "epoch": fitted.epoch, "temperature": fitted.temperature, "log_loss": losses})
        print(f"{year}: epoch {fitted.epoch}, temperature {fitted.temperature:.3f}, " + ", ".join(f"{n} {v:.4f}" for n, v in losses.items()), flush=True)
    joined = {name: np.concatenate(parts) for name, parts in predictions.items()}
    return {
        "settings": dataclasses.asdict(settings), "folds": folds,
        **assess.period(dataset.join(tests), joined, np.concatenate(halts)),
    }


def shipped(rows: dataset.Rows, options: argparse.Namespace) -> dict:
    """The package as it lies there, its baselines fitted to and chosen by the rows that it was."""
    fold = dataset.fold(rows, dataset.TEST_YEAR)
    description, fitted = package.read(Path(options.model))
    judged = fold.test if options.period == "test" else fold.validation
    fold = dataclasses.replace(fold, test=judged)
    logits, halt = logits_and_halt(fitted, judged)
    predictions = {"trm": metrics.softmax(logits)}
    predictions |= {name: baseline(fold) for name, baseline in baselines.ALL.items()}
    results = {"model": description["version"], **assess.period(judged, predictions, halt)}
    stale = judged.features.copy()
    stale[:, dataset.SIGNAL_QUALITY] = 0
    logits, halt = logits_and_halt(fitted, dataclasses.replace(judged, features=stale))
    results["quality_0"] = assess.predictor(judged, metrics.softmax(logits), predictions["prior"], halt)
    return results


def print_table(results: dict) -> None:
    print(f"{results['first_session']} to {results['last_session']}, {results['sessions']} sessions")
    for name, figures in results["predictors"].items():
        below = figures["log_loss_below_prior"]
        print(
            f"{name:20} log-loss {figures['log_loss']:.4f} (below prior {below['mean']:.4f}, {below['low']:.4f} to {below['high']:.4f}) "
            f"top-1 {figures['top1']:.3f} top-3 {figures['top3']:.3f} ECE {figures['calibration_error']:.3f} "
            f"utility {1e4 * figures['utility']:.1f} bp"
        )


if __name__ == "__main__":
    main()
