"""Finds the weight of each feature for each of a few classes: two support vector machines a class, in one table."""

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.svm import LinearSVC

from huiyin.nlp.calibration import Array

Labels = NDArray[np.int64]


def fit_weights(rows: sparse.csr_matrix, labels: Labels, classes: int, emphasis: Array) -> tuple[Array, Array]:
    """Features × classes, and what each class has without any feature. `emphasis` says how much a row counts.

    One machine reads the rows as they are, the other with each feature scaled by how much it tells the class from the
    rest (Wang and Manning, Baselines and Bigrams, 2012). Both are linear, so their sum is one table.
    """
    weights = np.zeros((rows.shape[1], classes), dtype=np.float32)
    offsets = np.zeros(classes, dtype=np.float32)
    present = (rows > 0).astype(np.float32)
    for one in range(classes):
        mine = labels == one
        if not mine.any() or mine.all():
            offsets[one] = 1.0 if mine.all() else -1.0
            continue
        telling = _log_odds(present, mine)
        for scale in (np.ones_like(telling), telling / np.float32(np.abs(telling).mean() or 1.0)):
            machine = LinearSVC(C=_PENALTY, random_state=1, tol=1e-2, max_iter=300)
            machine.fit(rows @ sparse.diags(scale), mine, sample_weight=emphasis)
            weights[:, one] += machine.coef_[0] * scale
            offsets[one] += machine.intercept_[0]
    return weights, offsets


def _log_odds(present: sparse.csr_matrix, mine: NDArray[np.bool_]) -> Array:
    here = np.asarray(present[mine].sum(axis=0)).ravel() + 1.0
    there = np.asarray(present[~mine].sum(axis=0)).ravel() + 1.0
    return np.log((here / here.sum()) / (there / there.sum())).astype(np.float32)


_PENALTY = 0.5
