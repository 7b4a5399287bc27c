import support

import tempfile
import unittest
from pathlib import Path

import numpy as np
import pandas as pd

import dataset


class Periods(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with tempfile.TemporaryDirectory() as folder:
            cls.file = support.export(Path(folder) / "features.csv", "2018-01-01", "2022-12-30")
            cls.table = pd.read_csv(cls.file)
            cls.rows = dataset.load(cls.file)
            cls.opened = dataset.load(cls.file, open_test=True)

    def test_the_test_year_is_not_even_kept_unless_it_is_opened(self):
        self.assertLess(max(self.rows.dates), "2021-12-31")
        self.assertLessEqual(max(self.rows.settled), "2021-12-31")
        self.assertEqual(len(dataset.fold(self.rows, 2022).test), 0)
        self.assertEqual(max(self.opened.settled), "2022-12-30")
        self.assertGreater(len(dataset.fold(self.opened, 2022).test), 250)

    def test_no_label_of_the_training_touches_a_session_that_is_validated(self):
        fold = dataset.fold(self.opened, 2022)

        self.assertLess(max(fold.train.settled), min(fold.validation.dates))
        self.assertLess(max(fold.validation.settled), min(fold.test.dates))
        self.assertEqual((max(fold.train.settled), max(fold.validation.settled)), ("2020-12-31", "2021-12-31"))

    def test_the_last_five_sessions_before_a_border_are_in_no_part(self):
        fold = dataset.fold(self.opened, 2022)
        before = self.table["date"][self.table["date"] <= "2021-12-31"].to_list()

        self.assertEqual(fold.validation.dates[-1], before[-6])
        self.assertEqual(fold.test.dates[0], "2022-01-03")

    def test_the_last_winner_is_of_the_sessions_that_have_just_ended(self):
        i = 100

        self.assertEqual(self.rows.settled[i - 5], self.rows.dates[i])
        self.assertEqual(self.rows.last_winner[i], self.rows.winners[i - 5])
        self.assertEqual(self.rows.last_winner[:5].tolist(), [-1] * 5)

    def test_the_return_after_a_row_is_that_of_the_next_session(self):
        closes = self.table["benchmark_close"]

        self.assertAlmostEqual(self.rows.next_returns[7, 0], closes[8] / closes[7] - 1)

    def test_normalisation_knows_nothing_but_its_rows(self):
        train = dataset.fold(self.rows, 2022).train
        normalise = dataset.normalisation(train.features)

        np.testing.assert_allclose(normalise(train.features)[:, 0].mean(), 0, atol=1e-6)
        np.testing.assert_allclose(normalise(train.features)[:, 0].std(), 1, rtol=1e-6)

    def test_a_hole_between_sessions_is_refused(self):
        with tempfile.TemporaryDirectory() as folder:
            holed = Path(folder) / "holed.csv"
            self.table.drop(index=range(50, 60)).to_csv(holed, index=False)

            with self.assertRaisesRegex(SystemExit, "more than a week apart"):
                dataset.load(holed)

    def test_an_export_without_outcomes_says_how_to_make_one(self):
        with tempfile.TemporaryDirectory() as folder:
            plain = Path(folder) / "plain.csv"
            self.table.drop(columns="settled").to_csv(plain, index=False)

            with self.assertRaisesRegex(SystemExit, "lacks the columns settled; make it with: trm features --outcomes"):
                dataset.load(plain)


if __name__ == "__main__":
    unittest.main()
