"""Groups as dots on a plane, near where they are alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def positions(distances: pd.DataFrame) -> pd.DataFrame:
    """Place groups on a plane so that distances are kept as well as two dimensions can. One row a group: x, y.

    Classical scaling (Torgerson 1952); `attrs["kept"]` is the share of the positive variance that the plane shows. Signs are
    fixed (the largest coordinate of an axis is positive), so the same distances give the same picture.

    Raises ValueError where `distances` is not square, or of one group only.
    """
    import numpy as np
    import pandas as pd

    if distances.shape[0] != distances.shape[1] or len(distances) < 2:
        shape = f"{distances.shape[0]} × {distances.shape[1]}"
        raise ValueError(
            f"A plane needs the distances of at least 2 groups, as distance_matrix gives them; these are {shape}."
        )
    squared = distances.to_numpy() ** 2
    centred = -0.5 * (squared - squared.mean(0) - squared.mean(1)[:, None] + squared.mean())
    values, vectors = np.linalg.eigh(centred)
    best = np.argsort(values)[::-1][:2]
    points = vectors[:, best] * np.sqrt(np.maximum(values[best], 0))
    points *= np.sign(points[np.abs(points).argmax(axis=0), [0, 1]])
    frame = pd.DataFrame(points, index=distances.index, columns=["x", "y"])
    positive = values[values > 1e-12].sum()
    frame.attrs["kept"] = float(values[best].sum() / positive) if positive else 1.0
    return frame
