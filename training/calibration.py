"""Temperature: how far to trust the logits, fitted on sessions that the weights have not seen."""

import numpy as np

import metrics

LOWEST, HIGHEST = 0.25, 4.0


def apply(logits: np.ndarray, temperature: float) -> np.ndarray:
    """[n, 8] -> probabilities [n, 8]: softmax(logits / temperature)."""
    return metrics.softmax(logits / temperature)


def fit_temperature(logits: np.ndarray, targets: np.ndarray) -> float:
    """The temperature from LOWEST to HIGHEST with the lowest cross-entropy, which has one minimum in its inverse."""
    low, high = 1 / HIGHEST, 1 / LOWEST
    golden = (np.sqrt(5) - 1) / 2
    while high - low > 1e-6:
        left, right = high - golden * (high - low), low + golden * (high - low)
        if loss(logits, targets, 1 / left) < loss(logits, targets, 1 / right):
            high = right
        else:
            low = left
    return float(2 / (low + high))


def loss(logits: np.ndarray, targets: np.ndarray, temperature: float) -> float:
    return metrics.cross_entropy(targets, apply(logits, temperature))
