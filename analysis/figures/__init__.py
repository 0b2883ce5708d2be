"""Pictures: a tidy frame goes in, matplotlib Axes come out. Each draws what a measure gives and computes nothing new."""

from analysis.figures.cities import plot_dendrogram, plot_map, plot_positions
from analysis.figures.matrices import plot_heat_map
from analysis.figures.terms import plot_bars, plot_terms, plot_word_cloud
from analysis.figures.years import plot_rates

__all__ = [
    "plot_bars",
    "plot_dendrogram",
    "plot_heat_map",
    "plot_map",
    "plot_positions",
    "plot_rates",
    "plot_terms",
    "plot_word_cloud",
]
