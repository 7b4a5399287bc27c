"""How good probabilities are: losses by session, calibration, and intervals that know that neighbours are alike."""

import numpy as np

# Labels of neighbouring sessions overlap and markets have moods, so single sessions are no independent evidence.
# Blocks of a month nearly are.
BLOCK = 21
RESAMPLES = 4000
BINS = 10


def softmax(logits: np.ndarray) -> np.ndarray:
    shifted = np.exp(logits - logits.max(axis=1, keepdims=True))
    return shifted / shifted.sum(axis=1, keepdims=True)


def losses(targets: np.ndarray, probabilities: np.ndarray) -> np.ndarray:
    """[n, 8], [n, 8] -> cross-entropy of each session, nats."""
    return -(targets * np.log(np.maximum(probabilities, 1e-12))).sum(axis=1)


def cross_entropy(targets: np.ndarray, probabilities: np.ndarray) -> float:
    return float(losses(targets, probabilities).mean())


def winner_losses(winners: np.ndarray, probabilities: np.ndarray) -> np.ndarray:
    """What `losses` is to soft targets, of the one best allocation of each session."""
    return -np.log(np.maximum(probabilities[np.arange(len(winners)), winners], 1e-12))


def one_hot(indices: np.ndarray, classes: int) -> np.ndarray:
    return np.eye(classes)[indices]


def brier(winners: np.ndarray, probabilities: np.ndarray) -> np.ndarray:
    """Squared distance from the certainty that the winner wins, summed over the classes: 0 to 2 a session."""
    return ((probabilities - one_hot(winners, probabilities.shape[1])) ** 2).sum(axis=1)


def in_top(winners: np.ndarray, probabilities: np.ndarray, k: int) -> np.ndarray:
    """Whether the winner is among the k most probable."""
    return (np.argsort(-probabilities, axis=1, kind="stable")[:, :k] == winners[:, None]).any(axis=1)


def reliability(confidence: np.ndarray, hit: np.ndarray) -> list[dict]:
    """Sessions in bins of a tenth of confidence, those that are not empty."""
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    return [
        {
            "from": b / BINS, "to": (b + 1) / BINS, "sessions": int(inside.sum()),
            "average_confidence": float(confidence[inside].mean()), "hit_rate": float(hit[inside].mean()),
        }
        for b in range(BINS) if (inside := bins == b).any()
    ]


def calibration_error(table: list[dict]) -> float:
    """Expected calibration error: the bins' gaps between confidence and hit rate, weighed by their sessions."""
    sessions = sum(row["sessions"] for row in table)
    return sum(row["sessions"] * abs(row["average_confidence"] - row["hit_rate"]) for row in table) / sessions


def block_means(values: np.ndarray, seed: int = 1) -> np.ndarray:
    """Means of RESAMPLES resamples made of blocks of BLOCK neighbours (circular, so that the ends count like the middle)."""
    n = len(values)
    blocks = -(-n // BLOCK)
    starts = np.random.default_rng(seed).integers(0, n, size=(RESAMPLES, blocks))
    indices = (starts[:, :, None] + np.arange(BLOCK)).reshape(RESAMPLES, -1)[:, :n] % n
    return values[indices].mean(axis=1)


def interval(values: np.ndarray) -> dict:
    """The mean with its 95 % block-bootstrap interval."""
    low, high = np.quantile(block_means(values), [0.025, 0.975])
    return {"mean": float(values.mean()), "low": float(low), "high": float(high)}
