"""The figures of a bench say what was seen, also when nothing was."""

import subprocess
import sys

from huiyin.ops.bench import processor
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

    found = figures("create", 10, seen, seconds=2.0, spent={})

    assert (found["count"], found["errors"], found["per_second"], found["statements"]) == (3, 1, 1.5, 5.0)
    assert found["first_error"] == "Failed: x"


def test_processor_time_is_shared_out_over_all_units_of_work_also_those_of_the_warm_up() -> None:
    seen = [Seen(done=3, processor_seconds=0.004, milliseconds=[1.0]), Seen(done=1, processor_seconds=0.002)]

    found = figures("create", 10, seen, seconds=2.0, spent={"web": 0.02})

    assert found["cpu_ms"] == {"web": 5.0, "clients": 1.5}


def test_nothing_done_has_no_processor_time_a_unit() -> None:
    assert figures("create", 10, [Seen(errors=["Failed: x"])], seconds=2.0, spent={"web": 1.0})["cpu_ms"] is None


def test_the_processor_time_of_a_child_counts_as_its_parent_s() -> None:
    burn = [sys.executable, "-c", "import time\nwhile time.process_time() < 0.5: pass"]
    waiting = f"import subprocess; subprocess.run({burn!r}); print('burnt', flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", waiting], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as parent:
        before = processor.spent({"web": parent.pid})
        assert parent.stdout is not None
        parent.stdout.readline()
        used = processor.since(before, processor.spent({"web": parent.pid}))["web"]
        parent.communicate("\n")

    assert used >= 0.3  # the child may have begun before the first look
