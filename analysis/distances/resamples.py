"""The tree made again of documents drawn again within their groups: which branches and clusters come back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.chunks import progress
from analysis.distances.metrics import VALUES, Grouped, as_distances, normed
from analysis.distances.trees import cut, nodes, tree_of

if TYPE_CHECKING:
    import numpy as np
    from scipy.sparse import csr_matrix

FEW = 20  # draws that are done sooner than a bar is worth drawing


@dataclass(frozen=True)
class Found:
    """branches: how many draws have each set of leaves as a branch; together: share of draws in one cluster; draws."""

    branches: Counter[int]
    together: np.ndarray
    draws: int

    def support(self, branches: list[int]) -> np.ndarray:
        """Return for each of the branches the share of draws that have it."""
        import numpy as np

        return np.array([self.branches[branch] / self.draws for branch in branches])


@dataclass(frozen=True)
class Resamples:
    """Documents to be drawn again, with replacement, within their groups."""

    them: Grouped
    seed: int

    def trees(self, draws: int, clusters: int, arrival: np.ndarray) -> Found:
        """Make the tree of so many draws, and cut each into `clusters`."""
        import numpy as np

        branches: Counter[int] = Counter()
        together = np.zeros((len(self.them.names), len(self.them.names)))
        drawn = self.distances(draws)
        what = "trees of documents drawn again"
        for distances in progress(drawn, what, long=draws > FEW, total=draws, unit="draw"):
            tree = tree_of(distances, arrival)
            branches.update(nodes(tree))
            labels = cut(tree, clusters)
            together += labels[:, None] == labels
        return Found(branches, together / draws, draws)

    def distances(self, draws: int) -> Iterator[np.ndarray]:
        """Yield the distances between the groups of each draw."""

        metric, vectors = self.them.metric, self.them.vectors
        # Cosines need the documents' products with each other alone, which stay the same.
        gram = (vectors @ vectors.T).toarray() if metric == "cosine" else None
        for weights in self.weights(draws):
            if gram is not None:
                values = normed(weights @ (weights @ gram).T)
            else:
                values = VALUES[metric]((weights @ vectors).toarray())
            yield as_distances(values, metric)

    def weights(self, draws: int) -> Iterator[csr_matrix]:
        """Yield groups × documents: how often each was drawn, over the group's documents where a mean is taken."""
        import numpy as np
        from scipy.sparse import csr_matrix

        rng = np.random.default_rng(self.seed)
        # By arrival, so that a group's name decides nothing about what is drawn.
        order = np.argsort(self.them.arrival[self.them.codes], kind="stable")
        codes, docs = self.them.codes[order], self.them.docs
        here = docs[codes]
        starts = np.flatnonzero(np.diff(codes, prepend=-1))
        start = np.repeat(starts, here[starts])
        weight = np.ones(len(codes)) if self.them.metric == "jsd" else 1 / here
        for _ in range(draws):
            drawn = order[start + (rng.random(len(codes)) * here).astype(int)]
            yield csr_matrix((weight, (codes, drawn)), shape=(len(docs), len(codes)))
