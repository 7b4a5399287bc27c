"""Every figure of one predictor over some sessions, as it goes into evaluation/*.json and from there into the card."""

import numpy as np

import dataset
import metrics
import portfolio
from strategies import NAMES


def predictor(rows: dataset.Rows, probabilities: np.ndarray, prior: np.ndarray, halt: np.ndarray | None = None) -> dict:
    """prior: the probabilities of the class prior for the same rows. What is said is the most probable allocation."""
    said, winners, targets = probabilities.argmax(axis=1), rows.winners, rows.targets
    confidence, hit = probabilities.max(axis=1), probabilities.argmax(axis=1) == winners
    table = metrics.reliability(confidence, hit)
    realised = rows.utilities[np.arange(len(rows)), said]
    best = rows.utilities[:, best_constant(rows)]
    figures = {
        "log_loss": metrics.cross_entropy(targets, probabilities),
        "log_loss_below_prior": metrics.interval(metrics.losses(targets, prior) - metrics.losses(targets, probabilities)),
        "log_loss_of_winner": float(metrics.winner_losses(winners, probabilities).mean()),
        "winner_log_loss_below_prior": metrics.interval(
            metrics.winner_losses(winners, prior) - metrics.winner_losses(winners, probabilities)
        ),
        "brier": float(metrics.brier(winners, probabilities).mean()),
        "brier_below_prior": metrics.interval(metrics.brier(winners, prior) - metrics.brier(winners, probabilities)),
        "top1": float(hit.mean()),
        "top3": float(metrics.in_top(winners, probabilities, 3).mean()),
        "calibration_error": metrics.calibration_error(table),
        "reliability": table,
        "confidence": {
            "mean": float(confidence.mean()),
            **{f"p{q}": float(np.quantile(confidence, q / 100)) for q in (10, 50, 90)},
        },
        "said": dict(zip(NAMES, (np.bincount(said, minlength=len(NAMES)) / len(rows)).tolist())),
        "utility": float(realised.mean()),
        "utility_above_best_constant": metrics.interval(realised - best),
        **portfolio.summary(said, rows.next_returns),
    }
    if halt is not None:
        figures["halt"] = {"mean": float(halt.mean()), "brier": float(((halt - hit) ** 2).mean()), "brier_of_confidence": float(((confidence - hit) ** 2).mean())}
    return figures


def constants(rows: dataset.Rows) -> dict:
    """What always holding each allocation came to."""
    return {
        name: {"utility": float(rows.utilities[:, i].mean()), "wins": float((rows.winners == i).mean()), **portfolio.summary(np.full(len(rows), i), rows.next_returns)}
        for i, name in enumerate(NAMES)
    }


def best_constant(rows: dataset.Rows) -> int:
    """The allocation with the highest mean utility over these very sessions: known only afterwards, so hard to beat."""
    return int(rows.utilities.mean(axis=0).argmax())


def period(rows: dataset.Rows, predictions: dict[str, np.ndarray], halt: np.ndarray) -> dict:
    """predictions: probabilities [n, 8] by predictor, `trm` and `prior` among them; halt is of trm."""
    return {
        "first_session": rows.dates[0],
        "last_session": rows.dates[-1],
        "sessions": len(rows),
        "log_loss_of_targets": metrics.cross_entropy(rows.targets, rows.targets),
        "predictors": {
            name: predictor(rows, probabilities, predictions["prior"], halt if name == "trm" else None)
            for name, probabilities in predictions.items()
        },
        "constants": constants(rows),
        "best_constant": NAMES[best_constant(rows)],
        "trm_log_loss_below": {
            name: metrics.interval(metrics.losses(rows.targets, probabilities) - metrics.losses(rows.targets, predictions["trm"]))
            for name, probabilities in predictions.items() if name != "trm"
        },
    }
