"""Reads what `trm features` exports and cuts it into the rows that may shape the model and those that may not."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

import labels

FEATURES = [
    "vix", "spy_returns_5d", "spy_returns_20d", "volume_ratio", "market_breadth",
    "correlation", "put_call_ratio", "gini_coefficient", "sector_dispersion", "signal_quality",
]
SIGNAL_QUALITY = FEATURES.index("signal_quality")

LAST_SHAPING_SESSION = "2020-12-31"
VALIDATION_FROM = "2019-01-01"

# Live snapshots are emitted again with their quality lowered when bars are missing or stale, down to 0; history has
# next to no such rows. So this share of the training samples gets a quality drawn from [0, 1] instead of its own.
RANDOM_QUALITY_SHARE = 0.5


@dataclass
class Rows:
    dates: list[str]
    features: np.ndarray  # [n, 10] raw, float64
    targets: np.ndarray  # [n, 8]


@dataclass
class Dataset:
    train: Rows
    validation: Rows
    report: Rows
    mean: np.ndarray
    std: np.ndarray

    def normalise(self, features: np.ndarray) -> np.ndarray:
        return ((features - self.mean) / (self.std + 1e-8)).astype(np.float32)


def load(path: str) -> Dataset:
    table = pd.read_csv(path, float_precision="round_trip")
    missing = [c for c in ["date", *FEATURES, "benchmark_close", "bond_close"] if c not in table]
    if missing:
        raise SystemExit(f"{path} lacks the columns {', '.join(missing)}; make it with: trm features --csv FILE")
    days = pd.to_datetime(table["date"])
    if not (days.diff().dropna().dt.days.between(1, 7)).all():
        raise SystemExit(f"{path}: sessions are out of order or more than a week apart; labels need each next session")

    targets = labels.soft_targets(table[["benchmark_close", "bond_close"]].to_numpy())
    labelled = table.iloc[: len(targets)]
    # A row belongs to a period only if its label does too: the last sessions before each border drop out. Between
    # training and validation that is the embargo which keeps their labels from sharing sessions.
    label_end = table["date"].shift(-labels.HORIZON).iloc[: len(targets)]
    date = labelled["date"]

    def rows(mask: pd.Series) -> Rows:
        chosen = mask.to_numpy()
        return Rows(date[chosen].tolist(), labelled.loc[mask, FEATURES].to_numpy(), targets[chosen])

    train = rows(label_end < VALIDATION_FROM)
    validation = rows((date >= VALIDATION_FROM) & (label_end <= LAST_SHAPING_SESSION))
    report = rows(date > LAST_SHAPING_SESSION)
    mean, std = normalisation(train.features)
    return Dataset(train, validation, report, mean, std)


def normalisation(features: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean and standard deviation of the training rows, signal_quality as it is after randomise_quality."""
    mean, std = features.mean(axis=0), features.std(axis=0)
    own, drawn = 1 - RANDOM_QUALITY_SHARE, RANDOM_QUALITY_SHARE
    quality = features[:, SIGNAL_QUALITY]
    mean[SIGNAL_QUALITY] = own * quality.mean() + drawn / 2
    square = own * (quality**2).mean() + drawn / 3
    std[SIGNAL_QUALITY] = np.sqrt(square - mean[SIGNAL_QUALITY] ** 2)
    return mean, std


def randomise_quality(features: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """A copy in which RANDOM_QUALITY_SHARE of the rows have a quality drawn evenly from [0, 1]."""
    copy = features.copy()
    drawn = random.random(len(copy)) < RANDOM_QUALITY_SHARE
    copy[drawn, SIGNAL_QUALITY] = random.random(drawn.sum())
    return copy
