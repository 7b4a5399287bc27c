"""What the model should have said of a session: soft targets over the eight allocations.

How good an allocation turned out over the 5 sessions after a session, entered at its close, is its utility, which
`trm features --outcomes` writes (rule utility-v1, core/Outcomes; nothing here computes it a second time):

utility = sum(r) - TOTAL_RISK / 2 * sum(r^2) - ACTIVE_RISK / 2 * sum((r - r_0)^2)

where r are the allocation's daily returns, simple and added up, and r_0 those of the plain mean of the eight. Nothing
later than the horizon enters, and nothing of it enters a feature. The first penalty is the mean-variance one with an
ordinary investor's risk aversion. Alone it makes the ends win nearly always, since over five sessions the return dwarfs
the variance; the second charges for straying from the middle of what is on offer, so that an allocation between wins
when nothing speaks for an end. The calmer the market, the more an end has to offer for what it is charged.

The target is softmax(utility / TEMPERATURE): five basis points over a week, the usual gap between the best and the
next, are worth a factor e. Over the sessions up to 2020 each allocation wins at least 4 % of the weeks (`python3
labels.py FEATURES.csv` prints the table), and the targets' mean entropy is 0.9 of ln 8 = 2.1 nats.
"""

import sys

import numpy as np

import metrics

HORIZON = 5
TOTAL_RISK = 5.0
ACTIVE_RISK = 240.0
TEMPERATURE = 0.0005


def soft_targets(utilities: np.ndarray) -> np.ndarray:
    """utilities [n, 8] -> targets [n, 8]; each row sums to 1."""
    return metrics.softmax(utilities / TEMPERATURE)


def winners(utilities: np.ndarray) -> np.ndarray:
    """utilities [n, 8] -> the best allocation's index [n]; the first of equals."""
    return utilities.argmax(axis=1)


def entropy(targets: np.ndarray) -> np.ndarray:
    """targets [n, 8] -> nats [n]."""
    return -(targets * np.log(np.maximum(targets, 1e-300))).sum(axis=1)


def support(utilities: np.ndarray) -> dict:
    """Share of the sessions that each allocation wins, its mean share of the targets, and how soft the targets are."""
    targets = soft_targets(utilities)
    spread = entropy(targets)
    return {
        "rows": len(utilities),
        "wins": (np.bincount(winners(utilities), minlength=utilities.shape[1]) / len(utilities)).tolist(),
        "soft": targets.mean(axis=0).tolist(),
        "entropy": {"mean": float(spread.mean()), "p10": float(np.quantile(spread, 0.1)), "p90": float(np.quantile(spread, 0.9))},
    }


def main() -> None:
    import dataset
    from strategies import NAMES

    rows = dataset.load(sys.argv[1]).until(dataset.LAST_TRAINING_SESSION)
    table = support(rows.utilities)
    print(f"{table['rows']} sessions, {rows.dates[0]} to {rows.dates[-1]}; entropy of the targets {table['entropy']}")
    for name, wins, soft in zip(NAMES, table["wins"], table["soft"]):
        print(f"{name:21} wins {100 * wins:5.2f} %   soft {100 * soft:5.2f} %")


if __name__ == "__main__":
    main()
