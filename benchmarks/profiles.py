"""How long the profiles of one city, and of all cities of the shipped reports, take."""

from __future__ import annotations

import os
from time import perf_counter

from joblib.externals.loky import get_reusable_executor

from analysis import city_measures, open_corpus, profile, profiles


def seconds() -> float:
    """Return the processor time of this process and of all those that it started and that have ended."""
    return sum(os.times()[:4])


def timed(what: str, make) -> None:  # type: ignore[no-untyped-def]
    used, clock = seconds(), perf_counter()
    make()
    get_reusable_executor().shutdown(wait=True)  # a process's time is known once it has ended
    print(f"{what}: {seconds() - used:.1f} s of processor time, {perf_counter() - clock:.1f} s by the clock")


if __name__ == "__main__":
    corpus = open_corpus("city_reports")
    _ = corpus.rhetoric, corpus.reuse
    timed("profile of one city", lambda: profile(corpus, "盐城市"))
    timed("measures of all cities", lambda: city_measures(corpus))
    timed("profiles of all cities", lambda: profiles(corpus, jobs=2))
