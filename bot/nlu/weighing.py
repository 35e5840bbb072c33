"""How far each voice is trusted: fitted on texts that neither the detectors nor the encoder had seen."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import expit, log_softmax, softmax
from sklearn.linear_model import LogisticRegression

Matrix = npt.NDArray[np.float64]


class OneOf:
    """Exactly one label holds: both voices' scores, weighed and turned into probabilities.

    Two weights are all that is fitted, so that they double as the temperature.
    """

    def __init__(self, first: float = 1.0, second: float = 0.0) -> None:
        """Trust only the first voice until fitted."""
        self.first, self.second = first, second

    def fit(self, first: Matrix, second: Matrix, truth: npt.NDArray[np.intp]) -> None:
        """Find the weights under which the true labels are likeliest.

        Args:
            first: one voice's scores, a row a text, a column a label.
            second: the other's, in the same order.
            truth: the true label's column.
        """
        rows = np.arange(len(truth))

        def loss(weights: Any) -> float:
            return -float(log_softmax(weights[0] * first + weights[1] * second, axis=1)[rows, truth].mean())

        found = minimize(loss, [3.0, 0.5], bounds=[(0.0, 40.0), (0.0, 10.0)]).x
        self.first, self.second = float(found[0]), float(found[1])

    def probabilities(self, first: Matrix, second: Matrix) -> Matrix:
        """A probability a label."""
        return np.asarray(softmax(self.first * first + self.second * second, axis=-1))


class EachAlone:
    """Labels hold independently: a logistic reading of several voices, the same for all labels."""

    def __init__(self, weights: Matrix | None = None, offset: float = 0.0) -> None:
        """Unfitted unless weights are given."""
        self.weights = np.zeros(0) if weights is None else weights
        self.offset = offset

    def fit(self, voices: Matrix, truth: npt.NDArray[np.bool_]) -> None:
        """Learn the weights.

        Args:
            voices: texts × labels × voices.
            truth: texts × labels.
        """
        model = LogisticRegression(C=1e3).fit(voices.reshape(-1, voices.shape[-1]), truth.reshape(-1))
        self.weights, self.offset = model.coef_[0], float(model.intercept_[0])

    def probabilities(self, voices: Matrix) -> Matrix:
        """Texts × labels, or labels for one text."""
        return np.asarray(expit(voices @ self.weights + self.offset))
