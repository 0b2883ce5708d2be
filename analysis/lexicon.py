"""Where the project's tables lie, and how a table is read."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def data_path(*parts: str) -> Path:
    """Return the path of a shipped data file or folder.

    In a clone that is `data/` beside the package, in an installed wheel `analysis/data/`.

    Raises FileNotFoundError, naming both places, where neither has it.

    >>> data_path("lexicon").name
    'lexicon'
    """
    package = Path(str(files("analysis")))
    places = (package / "data", package.parent / "data")
    for place in places:
        if place.joinpath(*parts).exists():
            return place.joinpath(*parts)
    looked = " or ".join(str(place.joinpath(*parts)) for place in places)
    raise FileNotFoundError(
        f"The package's data file {'/'.join(parts)} is missing; looked for {looked}. Install again."
    )


def read_table(*parts: str) -> pd.DataFrame:
    """Read a shipped CSV table: every column as text, an empty cell as missing."""
    import pandas as pd

    return pd.read_csv(data_path(*parts), dtype="string", keep_default_na=False, na_values=[""])
