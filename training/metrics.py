"""How good the predictions are, always beside what knowing only the training period's average target would give."""

import numpy as np

from strategies import NAMES


# Labels of neighbouring sessions overlap and markets have moods, so single sessions are no independent evidence.
# Means of blocks of a month nearly are.
BLOCK = 21


def losses(targets: np.ndarray, probabilities: np.ndarray) -> np.ndarray:
    return -(targets * np.log(np.maximum(probabilities, 1e-12))).sum(axis=1)


def cross_entropy(targets: np.ndarray, probabilities: np.ndarray) -> float:
    return float(losses(targets, probabilities).mean())


def standard_error(values: np.ndarray) -> float:
    """Of the mean, from the means of whole blocks."""
    blocks = values[: len(values) // BLOCK * BLOCK].reshape(-1, BLOCK).mean(axis=1)
    return float(blocks.std(ddof=1) / np.sqrt(len(blocks)))


def evaluate(targets: np.ndarray, probabilities: np.ndarray, halt: np.ndarray, prior: np.ndarray) -> dict:
    """prior [8]: the mean target of the training rows. Shares are by strategy name; those of 0 are listed too."""
    said, right = probabilities.argmax(axis=1), targets.argmax(axis=1)
    confidence = probabilities.max(axis=1)
    constant = np.broadcast_to(prior, targets.shape)
    gain = losses(targets, constant) - losses(targets, probabilities)
    share = np.bincount(said, minlength=len(NAMES)) / len(said)
    return {
        "rows": len(targets),
        "log_loss": cross_entropy(targets, probabilities),
        "log_loss_of_prior": cross_entropy(targets, constant),
        "gain_over_prior": float(gain.mean()),
        "standard_error_of_gain": standard_error(gain),
        "log_loss_of_targets": cross_entropy(targets, targets),
        "top1": float((said == right).mean()),
        "top1_of_prior": float((right == prior.argmax()).mean()),
        "mean_confidence": float(confidence.mean()),
        "std_confidence": float(confidence.std()),
        "mean_halt_probability": float(halt.mean()),
        "share": {name: float(value) for name, value in zip(NAMES, share)},
    }
