"""Reads what `trm features --outcomes` exports and cuts it into periods whose labels do not touch each other."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

import labels
from strategies import NAMES

FEATURES = [
    "vix", "spy_returns_5d", "spy_returns_20d", "volume_ratio", "market_breadth",
    "correlation", "put_call_ratio", "gini_coefficient", "sector_dispersion", "signal_quality",
]
SIGNAL_QUALITY = FEATURES.index("signal_quality")
UTILITIES = [f"utility_{name}" for name in NAMES]
CLOSES = ["benchmark_close", "bond_close"]

# Weights come from sessions up to the first date, choices from sessions up to the second; whatever lies behind it is
# the test, and `load` does not even keep it unless it is told to.
LAST_TRAINING_SESSION = "2020-12-31"
LAST_VALIDATION_SESSION = "2021-12-31"
TEST_YEAR = 2022

# Live snapshots are emitted again with their quality lowered when bars are missing or stale, down to 0; history has
# next to no such rows. So this share of the training samples gets a quality drawn from [0, 1] instead of its own.
RANDOM_QUALITY_SHARE = 0.5


@dataclass(frozen=True)
class Rows:
    """Labelled sessions in order, one row each."""

    dates: np.ndarray  # [n] ISO strings
    settled: np.ndarray  # [n] date of the label's last session
    features: np.ndarray  # [n, 10] raw, float64
    utilities: np.ndarray  # [n, 8] realised over the horizon
    next_returns: np.ndarray  # [n, 2] of benchmark and bond in the session after
    last_winner: np.ndarray  # [n] the best allocation of the horizon that ends with this session, -1 if unknown

    def __len__(self) -> int:
        return len(self.dates)

    def __getitem__(self, chosen) -> "Rows":
        return Rows(*(getattr(self, field)[chosen] for field in Rows.__dataclass_fields__))

    def until(self, last: str) -> "Rows":
        """Those whose labels end no later than this date."""
        return self[self.settled <= last]

    @property
    def targets(self) -> np.ndarray:
        """[n, 8] soft."""
        return labels.soft_targets(self.utilities)

    @property
    def winners(self) -> np.ndarray:
        """[n] index of the best allocation."""
        return labels.winners(self.utilities)


def join(parts: list[Rows]) -> Rows:
    return Rows(*(np.concatenate([getattr(part, field) for part in parts]) for field in Rows.__dataclass_fields__))


@dataclass(frozen=True)
class Fold:
    """
    One step of the walk through time: weights from `train`, choices (stopping, temperature, strength) from `validation`,
    the year before the test, figures from `test`. A row is in `train` or `validation` only if the 5 sessions of its
    label end before the next part begins.
    """

    train: Rows
    validation: Rows
    test: Rows


def load(path: str, open_test: bool = False) -> Rows:
    """Labelled sessions of the file, those whose labels end after LAST_VALIDATION_SESSION only with open_test."""
    table = pd.read_csv(path, float_precision="round_trip")
    missing = [c for c in ["date", *FEATURES, *CLOSES, "settled", *UTILITIES] if c not in table]
    if missing:
        raise SystemExit(f"{path} lacks the columns {', '.join(missing)}; make it with: trm features --outcomes --csv FILE")
    days = pd.to_datetime(table["date"])
    if not (days.diff().dropna().dt.days.between(1, 7)).all():
        raise SystemExit(f"{path}: sessions are out of order or more than a week apart; labels need each next session")

    closes = table[CLOSES].to_numpy()
    utilities = table[UTILITIES].to_numpy()
    last_winner = np.full(len(table), -1)
    last_winner[labels.HORIZON :] = labels.winners(utilities[: -labels.HORIZON])
    labelled = table["settled"].notna().to_numpy()
    if not open_test:
        labelled &= (table["settled"] <= LAST_VALIDATION_SESSION).to_numpy()
    return Rows(
        table["date"].to_numpy(str),
        table["settled"].to_numpy(str),
        table[FEATURES].to_numpy(),
        utilities,
        np.vstack([closes[1:] / closes[:-1] - 1, np.full((1, 2), np.nan)]),
        last_winner,
    )[labelled]


def fold(rows: Rows, test_year: int) -> Fold:
    """The test is a year, the validation the year before, the training all before that."""
    test_from, validation_from = f"{test_year}-01-01", f"{test_year - 1}-01-01"
    return Fold(
        train=rows[rows.settled < validation_from],
        validation=rows[(rows.dates >= validation_from) & (rows.settled < test_from)],
        test=rows[(rows.dates >= test_from) & (rows.dates < f"{test_year + 1}-01-01")],
    )


@dataclass(frozen=True)
class Normalisation:
    mean: np.ndarray
    std: np.ndarray

    def __call__(self, features: np.ndarray) -> np.ndarray:
        return ((features - self.mean) / (self.std + 1e-8)).astype(np.float32)


def normalisation(features: np.ndarray) -> Normalisation:
    """Mean and standard deviation of the training rows, signal_quality as it is after randomise_quality."""
    mean, std = features.mean(axis=0), features.std(axis=0)
    own, drawn = 1 - RANDOM_QUALITY_SHARE, RANDOM_QUALITY_SHARE
    quality = features[:, SIGNAL_QUALITY]
    mean[SIGNAL_QUALITY] = own * quality.mean() + drawn / 2
    square = own * (quality**2).mean() + drawn / 3
    std[SIGNAL_QUALITY] = np.sqrt(square - mean[SIGNAL_QUALITY] ** 2)
    return Normalisation(mean, std)


def randomise_quality(features: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """A copy in which RANDOM_QUALITY_SHARE of the rows have a quality drawn evenly from [0, 1]."""
    copy = features.copy()
    drawn = random.random(len(copy)) < RANDOM_QUALITY_SHARE
    copy[drawn, SIGNAL_QUALITY] = random.random(drawn.sum())
    return copy
