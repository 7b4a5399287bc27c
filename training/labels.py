"""What the model should have said: how good each allocation turned out over the next sessions.

utility = return - TOTAL_RISK / 2 * sum(r_p^2) - ACTIVE_RISK / 2 * sum((r_p - r_0)^2)

over the HORIZON sessions after a session, where r_p is the allocation's daily return and r_0 that of the plain mean
of the eight. The first penalty is the usual mean-variance one: the more a market moves, the less of it. Alone it
would make the ends win nearly always, since over five sessions the return dwarfs the variance; the second charges
for straying from the middle, so that the allocations between win when nothing speaks for an end.

The target is softmax(utility / TEMPERATURE): allocations whose utilities lie within a few basis points share it.
"""

import numpy as np

from strategies import WEIGHTS

HORIZON = 5
TOTAL_RISK = 30.0
ACTIVE_RISK = 100.0
TEMPERATURE = 0.0005


def soft_targets(closes: np.ndarray) -> np.ndarray:
    """closes [sessions, 2] (benchmark, bond) -> targets [sessions - HORIZON, 8]; each row sums to 1."""
    returns = closes[1:] / closes[:-1] - 1
    ahead = np.stack([returns[i : i + len(returns) - HORIZON + 1] for i in range(HORIZON)], axis=1)
    allocations = ahead @ WEIGHTS.T
    active = ahead @ (WEIGHTS - WEIGHTS.mean(axis=0)).T
    utility = (
        allocations.sum(axis=1)
        - TOTAL_RISK / 2 * (allocations**2).sum(axis=1)
        - ACTIVE_RISK / 2 * (active**2).sum(axis=1)
    )
    shifted = np.exp((utility - utility.max(axis=1, keepdims=True)) / TEMPERATURE)
    return shifted / shifted.sum(axis=1, keepdims=True)
