"""The eight allocations the model chooses between, by output index. Same table as core/Predictions/Strategy.cs."""

import numpy as np

NAMES = [
    "ultra_defensive", "defensive", "balanced_safe", "balanced_growth",
    "balanced_aggressive", "aggressive_growth", "max_growth", "tactical_opportunity",
]

# Shares in the benchmark (SPY) and in the bond (TLT); what is left is cash, which earns nothing here.
WEIGHTS = np.array([
    [0.20, 0.50], [0.40, 0.30], [0.60, 0.20], [0.70, 0.20],
    [0.80, 0.15], [0.90, 0.10], [0.85, 0.15], [0.75, 0.25],
])
