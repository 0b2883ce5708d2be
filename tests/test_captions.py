"""What stands beside a list of key words."""

from __future__ import annotations

import numpy as np
from small_counts import drawn

from analysis import false_alarms, keyness


def test_false_alarms_are_told_by_size():
    rng = np.random.default_rng(1)
    counts = drawn(60, 40).assign(side=rng.permutation(["一"] * 12 + ["二"] * 20 + ["三"] * 28))
    found = [keyness(counts, "side", name, draws=5) for name in ("一", "二")]
    means = [frame.attrs["placebo"]["mean"] for frame in found]
    assert f"{means[0]:.2f} for 12 documents; {means[1]:.2f} for 20 documents" in false_alarms(found)


def test_of_groups_as_large_the_most_is_told():
    rng = np.random.default_rng(1)
    counts = drawn(60, 40).assign(side=rng.permutation(["一"] * 20 + ["二"] * 20 + ["三"] * 20))
    found = [keyness(counts, "side", name, draws=2) for name in ("一", "二", "三")]
    for frame, mean in zip(found, (0.5, 2.25, 1.0), strict=True):
        frame.attrs["placebo"]["mean"] = mean
    assert "on average: at most 2.25 for 20 documents. " in false_alarms(found)


def test_nothing_tried_is_said():
    counts = drawn(20, 10).assign(side=["一"] * 2 + ["二"] * 18)
    assert "No random groups" in false_alarms([keyness(counts, "side", "一", draws=5)])
