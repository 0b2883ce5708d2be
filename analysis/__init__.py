"""Clean Chinese texts about investment attraction (招商引资) and compare how cities talk.

Every public name can be imported from here; a module is loaded when one of its names is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOME = {
    "sources": ("read_documents", "left_out"),
    "restoring": ("restore", "Restored", "Site"),
    "cleaning": ("clean", "Change", "Cleaned"),
    "documents": ("clean_documents", "changes_table", "sites_table"),
    "exporting": ("write_texts",),
    "attributing": ("attribute",),
    "admission": ("admit", "Admission", "checks_table"),
    "places": ("place_table", "resolve_city", "add_places"),
    "segments": ("segment", "passages"),
    "words": ("tokeniser", "stop_words", "kwic"),
    "new_words": ("propose_words",),
    "counts": ("Counts", "count", "merge"),
    "rarefying": ("rarefied",),
    "features": ("write_features", "read_features"),
    "corpus": ("Corpus",),
    "corpora": ("open_corpus", "build_corpus"),
    "vocabularies": ("richness",),
    "keywords.weights": ("tfidf", "c_tfidf", "top_terms", "content_terms"),
    "keywords.dispersions": ("dispersion",),
    "keywords.pairs": ("pair_rates", "distinctive"),
    "keywords.contrasts": ("keyness",),
    "keywords.captions": ("keyness_note", "false_alarms"),
    "keywords.placebos": ("placebo",),
    "keywords.robustness": ("rank_intervals", "sensitivity"),
    "keywords.choices": ("sensitivity_note",),
    "distances.metrics": ("distance_matrix", "jsd_terms"),
    "distances.likeness": ("similarity", "similarity_change"),
    "distances.planes": ("positions",),
    "distances.clusters": ("cluster_cities", "silhouettes", "Clusters"),
    "topic_models.quality": ("coherence",),
    "topic_models.stable": ("stability", "known_stability", "recommended_k"),
    "topic_models.fitting": ("topics", "Topics"),
    "topic_models.agreeing": ("agreement",),
    "rhetoric.lexicons": ("lexicon_table", "category_table"),
    "rhetoric.coding": ("devices",),
    "rhetoric.pledges": ("commitments",),
    "rhetoric.rating": ("device_counts", "device_rates"),
    "rhetoric.formulas": ("slogans", "first_uses"),
    "rhetoric.parallels": ("parallelism", "parallel_density"),
    "rhetoric.quantities": ("targets",),
    "rhetoric.promises": ("promises",),
    "rhetoric.keeping": ("promises_met",),
    "rhetoric.readings": ("Rhetoric", "concordance"),
    "rhetoric.judging": ("precision_recall", "kappa"),
    "trends": ("trend",),
    "spreading.adoption": ("diffusion", "Diffusion"),
    "spreading.account": ("Reuse",),
    "spreading.borrowing": ("reuse",),
    "style": ("use_style", "show", "show_table", "show_warning", "show_placebo_warning"),
    "charts": ("chart_diffusion", "chart_map", "chart_pair", "chart_topics"),
    "figures": (
        "plot_word_cloud",
        "plot_terms",
        "plot_bars",
        "plot_heat_map",
        "plot_dendrogram",
        "plot_positions",
        "plot_map",
        "plot_pair",
        "plot_rates",
        "plot_keyness",
        "plot_placebo",
        "plot_sensitivity",
        "plot_topic_shares",
        "plot_stability",
        "plot_trend",
        "plot_device_rates",
        "plot_promises",
        "plot_promises_met",
        "plot_diffusion",
        "plot_adoption_map",
        "plot_reuse",
    ),
    "figures.alt": ("alt_extremes", "alt_course", "alt_contrast"),
    "profiling.telling": ("profile", "profiles", "Profile"),
    "evidence.themes": ("topic_evidence",),
    "profiling.measured": ("city_measures",),
    "site.stated": ("themes_of",),
    "answers": ("findings", "Finding"),
    "reports": ("report",),
}
_MODULE = {name: module for module, names in _HOME.items() for name in names}

__all__ = sorted(_MODULE)


def __getattr__(name: str) -> Any:
    if name not in _MODULE:
        raise AttributeError(f"module 'analysis' has no attribute {name!r}; it has {', '.join(__all__)}")
    return getattr(import_module(f"analysis.{_MODULE[name]}"), name)


def __dir__() -> list[str]:
    return __all__
