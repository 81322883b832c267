"""The figures of a bench say what was seen, also when nothing was."""

from huiyin.ops.bench.load import Seen, figures, percentile


def test_percentiles_are_by_nearest_rank() -> None:
    hundred = [float(number) for number in range(1, 101)]

    assert [percentile(hundred, share) for share in (50, 95, 99)] == [50.0, 95.0, 99.0]
    assert percentile([7.0], 99) == 7.0
    assert percentile([], 95) is None


def test_errors_are_counted_apart_from_what_was_done() -> None:
    seen = [
        Seen(milliseconds=[1.0, 2.0], statements=[4, 6], errors=["Failed: x"]),
        Seen(milliseconds=[3.0], statements=[5]),
    ]

    found = figures("create", 10, seen, seconds=2.0)

    assert (found["count"], found["errors"], found["per_second"], found["statements"]) == (3, 1, 1.5, 5.0)
    assert found["first_error"] == "Failed: x"
