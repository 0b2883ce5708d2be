"""Pictures: a tidy frame goes in, matplotlib Axes come out. Each draws what a measure gives and computes nothing new."""

from analysis.figures.apart import plot_keyness
from analysis.figures.chance import plot_placebo, plot_sensitivity
from analysis.figures.cities import plot_dendrogram, plot_map, plot_positions
from analysis.figures.devices import plot_device_rates
from analysis.figures.ledger import plot_promises, plot_promises_met
from analysis.figures.matrices import plot_heat_map
from analysis.figures.pairs import plot_pair
from analysis.figures.spread import plot_adoption_map, plot_diffusion, plot_reuse
from analysis.figures.terms import plot_bars, plot_terms, plot_word_cloud
from analysis.figures.themes import plot_stability, plot_topic_shares
from analysis.figures.years import plot_rates, plot_trend

__all__ = [
    "plot_adoption_map",
    "plot_bars",
    "plot_dendrogram",
    "plot_device_rates",
    "plot_diffusion",
    "plot_heat_map",
    "plot_keyness",
    "plot_map",
    "plot_pair",
    "plot_placebo",
    "plot_positions",
    "plot_promises",
    "plot_promises_met",
    "plot_rates",
    "plot_reuse",
    "plot_sensitivity",
    "plot_stability",
    "plot_terms",
    "plot_topic_shares",
    "plot_trend",
    "plot_word_cloud",
]
