import support

import contextlib
import io
import json
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import numpy as np
import torch

import calibration
import card
import dataset
import evaluate
import metrics
import package
import train
from fit import Settings, fit, logits_and_halt, start
from model import Trm

SMALL = Settings(hidden=8, epochs=3, batch=128, learning_rate=1e-3)


class Fitting(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with tempfile.TemporaryDirectory() as folder:
            rows = dataset.load(support.export(Path(folder) / "features.csv", "2018-01-01", "2021-12-31"))
        cls.fold = dataset.fold(rows, 2022)

    def test_the_same_rows_and_seed_give_the_same_bits(self):
        first, second = (fit(self.fold, SMALL) for _ in range(2))

        self.assertEqual(first.epoch, second.epoch)
        for name, tensor in first.model.state_dict().items():
            self.assertTrue(torch.equal(tensor, second.model.state_dict()[name]), name)

    def test_untrained_it_says_the_prior(self):
        prior = self.fold.train.targets.mean(axis=0)
        model = start(SMALL, prior)
        model.output_head.weight.data.zero_()

        logits, _ = model(torch.randn(4, 10))

        np.testing.assert_allclose(metrics.softmax(logits.detach().numpy()), np.tile(prior, (4, 1)), rtol=1e-5)

    def test_the_temperature_is_folded_into_the_head(self):
        fitted = fit(self.fold, SMALL)
        with mock.patch.object(calibration, "fit_temperature", return_value=1.0):
            raw = fit(self.fold, SMALL)

        before, halt = logits_and_halt(raw, self.fold.validation)
        after, halt_after = logits_and_halt(fitted, self.fold.validation)

        self.assertNotEqual(fitted.temperature, 1)
        np.testing.assert_allclose(after * fitted.temperature, before, atol=1e-5)
        np.testing.assert_array_equal(halt_after, halt)

    def test_the_last_cycle_is_what_the_model_says(self):
        model, inputs = Trm(hidden=8), torch.randn(4, 10)

        outputs = list(model.cycles(inputs))

        self.assertEqual(len(outputs), 3)
        self.assertTrue(torch.equal(outputs[-1][0], model(inputs)[0]))


class Distribution(unittest.TestCase):
    def test_shares_are_those_of_half_open_bins(self):
        column = np.array([1.0, 2, 2, 2, 2, 2, 2, 2, 3, 4])
        features = np.tile(column[:, None], (1, len(dataset.FEATURES)))

        bins = package.distribution(features)["vix"]

        self.assertEqual(bins, {"edges": [1, 2, 3], "shares": [0.1, 0.7, 0.1, 0.1]})

    def test_a_feature_that_never_changes_has_one_bin(self):
        self.assertEqual(package.distribution(np.ones((5, 10)))["vix"], {"edges": [], "shares": [1.0]})


class Commands(unittest.TestCase):
    def test_from_an_export_to_a_card_and_the_test_year_stays_closed_until_told(self):
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary)
            features, model, results = support.export(folder / "features.csv", "2018-01-01", "2022-12-30"), folder / "model", folder / "model" / "evaluation"
            common = [str(features), "--out", str(results)]
            little = ["--hidden", "8", "--epochs", "1"]
            run(train.main, str(features), "--out", str(model), *little)
            run(train.main, str(features), "--out", str(folder / "again"), *little, "--like", str(model))
            with mock.patch.object(evaluate, "FIRST_YEAR", 2020):
                run(evaluate.main, "walk-forward", *common, *little)
            run(evaluate.main, "validation", *common, "--model", str(model))
            with self.assertRaises(SystemExit):
                run(evaluate.main, "test", *common, "--model", str(model))
            self.assertFalse((results / "test.json").exists())
            run(evaluate.main, "test", *common, "--model", str(model), "--open-test")
            run(card.main, str(model))

            self.assertEqual((model / "weights.safetensors").read_bytes(), (folder / "again" / "weights.safetensors").read_bytes())
            self.assertEqual(json.loads((results / "reproduction.json").read_text())["largest_difference"], 0)
            self.assertIn("us-equities-2", (model / "README.md").read_text())
            self.assertEqual(json.loads((results / "test.json").read_text())["first_session"], "2022-01-03")
            description, read = package.read(model)
            case = json.loads((model / "golden.json").read_text())["cases"][0]
            logits, _ = read.model(torch.tensor([case["normalized"]], dtype=torch.float32))
            np.testing.assert_allclose(logits.softmax(-1)[0].detach(), case["probabilities"], atol=1e-6)


def run(main, *arguments):
    with mock.patch.object(sys, "argv", ["training", *arguments]), contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        main()


if __name__ == "__main__":
    unittest.main()
