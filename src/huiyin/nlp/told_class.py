"""Weighs what a person chose against what the words say: people are mostly right, and slip to a neighbour if not."""

from collections.abc import Collection, Mapping

RELIABLE = 0.95  # of chosen classes are right, until corrections say otherwise [DESIGN]
_TO_A_SISTER = 0.9  # of slips stay within the branch
_LEAST = 0.02  # what the words say at least of the class that a person chose


def weigh_in(
    probabilities: Mapping[str, float], *, told: str, sisters: Collection[str], classes: int, reliable: float = RELIABLE
) -> dict[str, float]:
    """Probabilities by class once a person has said `told`, by Bayes' rule; they sum to 1.

    `sisters` are the other classes of its branch, `classes` counts all. Without any words the person alone decides.
    """
    slip = 1 - reliable
    near = slip * _TO_A_SISTER / max(1, len(sisters))
    far = slip * (1 - _TO_A_SISTER) / max(1, classes - 1 - len(sisters))
    posterior = {
        code: share * (near if code in sisters else far) for code, share in probabilities.items() if code != told
    }
    posterior[told] = max(probabilities.get(told, 0.0), _LEAST) * reliable
    total = sum(posterior.values())
    return {code: share / total for code, share in posterior.items()}
