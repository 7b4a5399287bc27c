"""
What the model has to beat, fitted to the same training rows and chosen by the same validation rows. Each returns
the probabilities of the test rows.
"""

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression

import calibration
import dataset
import metrics
from strategies import NAMES

SIXTY_FORTY = NAMES.index("balanced_safe")
# At least so sure that the pick leads.
MIXTURES = np.linspace(0.25, 1, 16)
STRENGTHS = [0.0003, 0.001, 0.003, 0.01, 0.03, 0.1]
TREES = 60


def prior(fold: dataset.Fold) -> np.ndarray:
    """The mean target of the training rows, always."""
    return np.broadcast_to(mean_target(fold), (len(fold.test), len(NAMES)))


def sixty_forty(fold: dataset.Fold) -> np.ndarray:
    """Always balanced_safe (60 % SPY, 20 % TLT, the rest cash), as sure of it as suits the validation rows best."""
    return mixed(fold, lambda rows: np.full(len(rows), SIXTY_FORTY))


def last_winner(fold: dataset.Fold) -> np.ndarray:
    """Whatever won the 5 sessions that have just ended, as sure of it as suits the validation rows best."""
    return mixed(fold, lambda rows: rows.last_winner)


def logistic_regression(fold: dataset.Fold) -> np.ndarray:
    """On the soft targets, with the strength of its ridge and then its temperature chosen by the validation rows."""
    normalise = dataset.normalisation(fold.train.features)
    inputs, classes, weights = spread(normalise(fold.train.features), fold.train.targets)
    fits = [LogisticRegression(C=c, max_iter=1000).fit(inputs, classes, sample_weight=weights) for c in STRENGTHS]
    return chosen(fold, [
        (fit.decision_function(normalise(fold.validation.features)), fit.decision_function(normalise(fold.test.features)))
        for fit in fits
    ])


def boosted_trees(fold: dataset.Fold) -> np.ndarray:
    """Small trees on the soft targets, their number and then their temperature chosen by the validation rows."""
    inputs, classes, weights = spread(fold.train.features, fold.train.targets)
    trees = HistGradientBoostingClassifier(
        max_iter=TREES, learning_rate=0.03, max_leaf_nodes=4, min_samples_leaf=800, l2_regularization=10,
        early_stopping=False, random_state=1,
    ).fit(inputs, classes, sample_weight=weights)
    stages = zip(trees.staged_predict_proba(fold.validation.features), trees.staged_predict_proba(fold.test.features))
    return chosen(fold, [(np.log(validation), np.log(test)) for validation, test in stages])


ALL = {
    "prior": prior, "sixty_forty": sixty_forty, "last_winner": last_winner,
    "logistic_regression": logistic_regression, "boosted_trees": boosted_trees,
}


def mean_target(fold: dataset.Fold) -> np.ndarray:
    return fold.train.targets.mean(axis=0)


def mixed(fold: dataset.Fold, pick) -> np.ndarray:
    """One pick a session, mixed with the prior by the share that suits the validation rows best; the prior where there is none."""

    def mixture(rows: dataset.Rows, share: float) -> np.ndarray:
        picks = pick(rows)
        certain = np.where((picks >= 0)[:, None], metrics.one_hot(picks, len(NAMES)), mean_target(fold))
        return share * certain + (1 - share) * mean_target(fold)

    share = min(MIXTURES, key=lambda s: metrics.cross_entropy(fold.validation.targets, mixture(fold.validation, s)))
    return mixture(fold.test, share)


def spread(inputs: np.ndarray, targets: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Each row once for each class, weighed by its share: soft targets for fitters that know only hard ones."""
    n, classes = targets.shape
    return np.repeat(inputs, classes, axis=0), np.tile(np.arange(classes), n), targets.ravel()


def chosen(fold: dataset.Fold, candidates: list[tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
    """Of logits for validation and test: the pair that does best on validation, at its best temperature there."""
    targets = fold.validation.targets
    validation, test = min(candidates, key=lambda c: calibration.loss(c[0], targets, 1))
    return calibration.apply(test, calibration.fit_temperature(validation, targets))
