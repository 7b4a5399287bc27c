import support  # noqa: F401

import unittest

import numpy as np

import calibration
import metrics
import portfolio

PROBABILITIES = np.array([[0.5, 0.3, 0.2], [0.1, 0.2, 0.7]])
WINNERS = np.array([1, 2])


class Metrics(unittest.TestCase):
    def test_losses_by_hand(self):
        targets = np.array([[1.0, 0.0, 0.0], [0.0, 0.5, 0.5]])

        np.testing.assert_allclose(metrics.losses(targets, PROBABILITIES), [-np.log(0.5), -(np.log(0.2) + np.log(0.7)) / 2])
        np.testing.assert_allclose(metrics.winner_losses(WINNERS, PROBABILITIES), -np.log([0.3, 0.7]))

    def test_brier_by_hand(self):
        np.testing.assert_allclose(metrics.brier(WINNERS, PROBABILITIES), [0.25 + 0.49 + 0.04, 0.01 + 0.04 + 0.09])

    def test_in_the_first_k(self):
        self.assertEqual(metrics.in_top(WINNERS, PROBABILITIES, 1).tolist(), [False, True])
        self.assertEqual(metrics.in_top(WINNERS, PROBABILITIES, 2).tolist(), [True, True])

    def test_calibration_error_by_hand(self):
        table = metrics.reliability(np.array([0.25, 0.25, 0.25, 0.25, 0.9]), np.array([1, 0, 0, 0, 0]))

        self.assertEqual([(row["from"], row["sessions"], row["hit_rate"]) for row in table], [(0.2, 4, 0.25), (0.9, 1, 0.0)])
        self.assertAlmostEqual(metrics.calibration_error(table), 0.9 / 5)

    def test_an_interval_of_independent_values_is_the_textbook_one(self):
        values = np.random.default_rng(1).normal(1, 2, 21 * 400)

        found = metrics.interval(values)

        self.assertAlmostEqual(found["mean"], values.mean())
        self.assertAlmostEqual((found["high"] - found["low"]) / (2 * 1.96 * 2 / np.sqrt(len(values))), 1, delta=0.1)

    def test_an_interval_of_values_that_come_in_months_is_wider(self):
        months = np.repeat(np.random.default_rng(2).normal(size=100), 21)
        shuffled = np.random.default_rng(3).permutation(months)

        width = [w["high"] - w["low"] for w in (metrics.interval(months), metrics.interval(shuffled))]

        self.assertGreater(width[0], 3 * width[1])


class Temperature(unittest.TestCase):
    def test_it_is_found_again(self):
        random = np.random.default_rng(1)
        truth = random.normal(size=(500, 8))
        targets = metrics.softmax(truth)

        for temperature in (0.5, 1.0, 2.5):
            self.assertAlmostEqual(calibration.fit_temperature(truth * temperature, targets), temperature, places=3)

    def test_logits_without_meaning_get_the_highest(self):
        random = np.random.default_rng(1)
        logits = 5 * random.normal(size=(500, 8))
        targets = np.full((500, 8), 1 / 8)

        self.assertAlmostEqual(calibration.fit_temperature(logits, targets), calibration.HIGHEST, places=3)


class Portfolio(unittest.TestCase):
    def test_two_days_by_hand(self):
        picks, returns = np.array([0, 5]), np.array([[0.10, 0.0], [-0.10, 0.05]])

        np.testing.assert_allclose(portfolio.daily_returns(picks, returns), [0.02, -0.085])

    def test_drawdown_is_from_the_high(self):
        self.assertAlmostEqual(portfolio.drawdown(np.array([0.1, -0.2, 0.1, 0.5])), 0.2)

    def test_turnover_counts_what_moves_once(self):
        # ultra_defensive 20/50/30 to defensive 40/30/30: a fifth moves, in two sessions.
        self.assertAlmostEqual(portfolio.turnover(np.array([0, 1])), 0.2 / 2 * 252)
        self.assertEqual(portfolio.turnover(np.array([3, 3, 3])), 0)


if __name__ == "__main__":
    unittest.main()
