"""Finds the weight that each feature has for each class."""

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from huiyin.nlp.calibration import Array

Labels = NDArray[np.int64]
_FEW = 40  # up to this many classes a machine for each of them is quick


def fit_weights(rows: sparse.csr_matrix, labels: Labels, classes: int, emphasis: Array) -> Array:
    """Features × classes. `emphasis` says how much a row counts."""
    if classes <= _FEW:
        return _margins(rows, labels, classes, emphasis)
    return centroids(rows, labels, classes, emphasis)


def centroids(rows: sparse.csr_matrix, labels: Labels, classes: int, emphasis: Array) -> Array:
    """The mean text of each class, brought to length one: sound from the first example on."""
    count = len(labels)
    members = sparse.csr_matrix((emphasis, (labels, np.arange(count))), shape=(classes, count))
    means = np.asarray((members @ rows).todense(), dtype=np.float32)
    lengths = np.linalg.norm(means, axis=1, keepdims=True)
    return np.ascontiguousarray((means / np.where(lengths > 0, lengths, 1)).T)


def _margins(rows: sparse.csr_matrix, labels: Labels, classes: int, emphasis: Array) -> Array:
    """One support vector machine a class against the rest."""
    from sklearn.svm import LinearSVC

    weights = np.zeros((rows.shape[1], classes), dtype=np.float32)
    for one in range(classes):
        mine = labels == one
        if not mine.any() or mine.all():
            continue
        machine = LinearSVC(C=0.5, intercept_scaling=1.0, random_state=1)
        machine.fit(rows, mine, sample_weight=emphasis)
        weights[:, one] = machine.coef_[0]
    return weights
