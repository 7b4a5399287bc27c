"""Where the modules under test lie, what they need, and a made-up market."""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import environment  # noqa: E402, F401

try:
    import matplotlib  # noqa: F401
    import numpy as np
    import pandas as pd
    import sklearn  # noqa: F401
    import torch  # noqa: F401
except ImportError as missing:
    raise unittest.SkipTest(f"training needs {missing.name}; see training/README.md")

from dataset import FEATURES, UTILITIES


def export(path: Path, first: str, last: str, seed: int = 1) -> Path:
    """A file like that of `trm features --outcomes`, one row a weekday; what is best depends a little on the first feature."""
    random = np.random.default_rng(seed)
    dates = pd.bdate_range(first, last).strftime("%Y-%m-%d")
    features = random.normal(size=(len(dates), len(FEATURES)))
    utilities = 0.0005 * random.normal(size=(len(dates), len(UTILITIES)))
    utilities[:, 1] += 0.0005 * features[:, 0]
    table = pd.DataFrame({"date": dates, **dict(zip(FEATURES, features.T))})
    table["benchmark_close"] = 100 * np.cumprod(1 + 0.01 * random.normal(size=len(dates)))
    table["bond_close"] = 100.0
    table["settled"] = table["date"].shift(-5)
    utilities[-5:] = np.nan
    table = pd.concat([table, pd.DataFrame(utilities, columns=UTILITIES)], axis=1)
    table.to_csv(path, index=False)
    return path
