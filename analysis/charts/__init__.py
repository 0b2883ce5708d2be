"""Charts that can be explored in a page, partners of the pictures: a tidy frame goes in, an Altair chart comes out."""

from analysis.charts.courses import chart_diffusion
from analysis.charts.grids import chart_topics
from analysis.charts.maps import chart_map
from analysis.charts.pairs import chart_pair

__all__ = ["chart_diffusion", "chart_map", "chart_pair", "chart_topics"]
