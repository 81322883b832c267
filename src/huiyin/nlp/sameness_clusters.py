"""Puts matters together as they arrive: each joins the cluster that it is most like, or begins one of its own.

A matter is held against the latest of those that share its place, its caller or its rarest words with it. One strong
link is not enough where the others of a cluster speak against it: that keeps a chain from swallowing a district.
"""

from collections import Counter, defaultdict, deque
from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from huiyin.nlp.sameness import Prepared, Told, compare, prepare
from huiyin.nlp.sameness_words import Rarity

WINDOW = timedelta(days=14)
_CANDIDATES = 60
_OF_A_KEY = 60  # latest matters remembered for one place, caller or word
_WORDS = 12  # rarest pairs of a text that find others
_STRONG_KEY = 5
_LINK = 0.5  # probability from which two are linked …
_MEAN = 0.35  # … and the least mean over the cluster's latest members
_HELD_AGAINST = 6


@dataclass(slots=True)
class _Cluster:
    number: int
    members: deque[int] = field(default_factory=lambda: deque(maxlen=40))


class Clusterer:
    """Remembers what arrived within the window; `add` answers with the cluster's number."""

    def __init__(self, *, window: timedelta = WINDOW) -> None:
        self._window = window
        self._rarity = Rarity()
        self._told: dict[int, Prepared] = {}
        self._cluster_of: dict[int, _Cluster] = {}
        self._by_key: dict[Hashable, deque[int]] = defaultdict(lambda: deque(maxlen=_OF_A_KEY))
        self._count = 0

    def add(self, told: Told) -> int:
        number, self._count = self._count, self._count + 1
        ready = prepare(told, self._rarity)
        cluster = self._choose(ready) or _Cluster(number)
        cluster.members.append(number)
        self._cluster_of[number] = cluster
        self._told[number] = ready
        for key, _ in self._keys(ready):
            self._by_key[key].append(number)
        self._rarity.learn(pairs=ready.pairs, spots=ready.spots, place=told.where)
        return cluster.number

    def _choose(self, ready: Prepared) -> _Cluster | None:
        best, best_mean = None, _MEAN
        tried: set[int] = set()
        for number in self._near(ready):
            cluster = self._cluster_of[number]
            if cluster.number in tried or compare(ready, self._told[number]).probability < _LINK:
                continue
            tried.add(cluster.number)
            mean = self._mean(ready, cluster)
            if mean >= best_mean:
                best, best_mean = cluster, mean
        return best

    def _mean(self, ready: Prepared, cluster: _Cluster) -> float:
        latest = list(cluster.members)[-_HELD_AGAINST:]
        return sum(compare(ready, self._told[number]).probability for number in latest) / len(latest)

    def _near(self, ready: Prepared) -> list[int]:
        shared: Counter[int] = Counter()
        for key, weight in self._keys(ready):
            for number in self._by_key.get(key, ()):
                shared[number] += weight
        found = (number for number, _ in shared.most_common(2 * _CANDIDATES))
        return [number for number in found if self._is_near(ready.told.at, self._told[number].told.at)][:_CANDIDATES]

    def _is_near(self, one: datetime | None, other: datetime | None) -> bool:
        return one is None or other is None or abs(one - other) <= self._window

    def _keys(self, ready: Prepared) -> list[tuple[Hashable, int]]:
        told = ready.told
        keys: list[tuple[Hashable, int]] = [(("area", key), _STRONG_KEY) for key, _ in told.areas]
        if told.where:
            keys.append((("where", told.where), _STRONG_KEY))
        if told.caller:
            keys.append((("caller", told.caller), _STRONG_KEY))
        rarest = sorted(ready.pairs, key=lambda pair: (-ready.pairs[pair], pair))[:_WORDS]
        return keys + [(pair, 1) for pair in rarest] + [(("spot", spot), 2) for spot in ready.spots]
