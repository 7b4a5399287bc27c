import support  # noqa: F401

import unittest

import numpy as np

import labels


class Labels(unittest.TestCase):
    def test_five_basis_points_are_worth_a_factor_e(self):
        target = labels.soft_targets(np.array([[0.0010, 0.0005, 0.0005]]))

        np.testing.assert_allclose(target, [[np.e / (np.e + 2), 1 / (np.e + 2), 1 / (np.e + 2)]], rtol=1e-12)

    def test_equals_share_and_the_first_of_them_is_the_winner(self):
        utilities = np.array([[0.0, 0.002, 0.002, -0.5]])

        target = labels.soft_targets(utilities)

        self.assertEqual(target[0, 1], target[0, 2])
        self.assertAlmostEqual(target.sum(), 1)
        self.assertEqual(labels.winners(utilities).tolist(), [1])

    def test_far_apart_is_no_overflow(self):
        np.testing.assert_array_equal(labels.soft_targets(np.array([[5.0, -5.0]])), [[1, 0]])

    def test_support_counts_wins_and_softness(self):
        table = labels.support(np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.0, 0.0]]))

        self.assertEqual(table["wins"], [0.75, 0.25])
        np.testing.assert_allclose(table["soft"], [0.625, 0.375])
        self.assertAlmostEqual(table["entropy"]["mean"], np.log(2) / 4)


if __name__ == "__main__":
    unittest.main()
