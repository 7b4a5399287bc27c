"""What it would have earned to hold, in each session, the allocation that was said at the close before. No costs."""

import numpy as np

from strategies import WEIGHTS

YEAR = 252


def daily_returns(picks: np.ndarray, next_returns: np.ndarray) -> np.ndarray:
    """picks [n], returns of benchmark and bond in the session after each [n, 2] -> return of each session [n]."""
    return (WEIGHTS[picks] * next_returns).sum(axis=1)


def drawdown(returns: np.ndarray) -> float:
    """The deepest fall from a high, as a positive share of it."""
    wealth = np.concatenate([[1.0], np.cumprod(1 + returns)])
    return float((1 - wealth / np.maximum.accumulate(wealth)).max())


def turnover(picks: np.ndarray) -> float:
    """Share of the money that changes its place in a year because another allocation is said (cash is a place too)."""
    weights = np.column_stack([WEIGHTS[picks], 1 - WEIGHTS[picks].sum(axis=1)])
    return float(np.abs(np.diff(weights, axis=0)).sum() / 2 / len(picks) * YEAR)


def summary(picks: np.ndarray, next_returns: np.ndarray) -> dict:
    """Annual return and volatility, drawdown, turnover a year."""
    returns = daily_returns(picks, next_returns)
    return {
        "annual_return": float(np.prod(1 + returns) ** (YEAR / len(returns)) - 1),
        "annual_volatility": float(returns.std(ddof=1) * np.sqrt(YEAR)),
        "max_drawdown": drawdown(returns),
        "annual_turnover": turnover(picks),
    }
