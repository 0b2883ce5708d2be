"""Long work in pieces: a few documents at a time, in several processes, in order; bars that show how far work is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

CHUNK = 32  # documents a worker holds at a time: bounds the memory, and keeps two workers busy to the end
FEW = 100  # so many documents are done sooner than a second process is up


def in_chunks(
    function: Callable[[pd.DataFrame], Any], documents: pd.DataFrame, jobs: int, what: str
) -> Iterator[Any]:
    """Apply `function` to chunks of the documents, in order, in `jobs` processes; an empty frame is one chunk."""
    from joblib import Parallel, delayed

    chunks = [documents.iloc[at : at + CHUNK] for at in range(0, max(len(documents), 1), CHUNK)]
    # Chunks are handed over as workers come free: all at once they would be in memory twice.
    run = Parallel(n_jobs=jobs if len(documents) > FEW else 1, return_as="generator", pre_dispatch="2*n_jobs")
    results = run(delayed(function)(chunk) for chunk in chunks)
    with progress(None, what, long=len(documents) > FEW, total=len(documents), unit="document") as bar:
        for chunk, result in zip(chunks, results, strict=True):
            bar.update(len(chunk))
            yield result


def progress(things: Any, what: str, *, long: bool, **look: Any) -> Any:
    """Return tqdm's bar over things, if the work is long; TQDM_DISABLE=1 in the environment hides all, as on pages."""
    from tqdm.auto import tqdm

    if not long:  # passed only to hide: what is passed goes before the environment
        look["disable"] = True
    return tqdm(things, desc=what, mininterval=1, **look)
