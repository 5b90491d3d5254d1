"""The page of the figures of all observations, and the file of each figure."""

from __future__ import annotations

from collections.abc import Iterator

from plugins.observation.findings import OBSERVATION, cited, syntheses
from plugins.observation.tallies import observations
from plugins.render.figures import csv_text, figures, figures_path
from plugins.render.shown import Setting
from plugins.render.site import FIRST_LANGUAGE, Site
from plugins.render.theme import Theme
from plugins.render.words import words
from plugins.schema import ContentType, Index

FIGURES = "chiffres/"  # below the list of observations; no slug


def figures_page(theme: Theme, index: Index, lang: str) -> str:
    content_type = index.schema.types[OBSERVATION]
    observed = observations(index)
    return theme.render(
        "figures.html",
        lang,
        f"{content_type.list_url}{FIGURES}",
        type=content_type,
        figures=figures(observed, Setting(index, theme.site, lang), content_type),
        figures_path=figures_path(),
        total=len(observed),
    )


def figures_href(index: Index, site: Site, lang: str, content_type: ContentType) -> str:
    """Where the list of observations leads to their figures; "" from other lists, and of none."""
    if content_type.name != OBSERVATION or not observations(index):
        return ""
    return site.href(f"{content_type.list_url}{FIGURES}", lang)


def figure_files(theme: Theme, index: Index) -> Iterator[tuple[str, str]]:
    """The CSV of each figure, those of syntheses in a folder of their own: (path, text)."""
    setting = Setting(index, theme.site, FIRST_LANGUAGE)
    total = words(FIRST_LANGUAGE).gettext("Observations")
    found = [(figures_path(), observations(index))]
    found += [(figures_path(one), cited(one, index)) for one in syntheses(index)]
    for folder, documents in found:
        for figure in figures(documents, setting):
            yield f"{folder}{figure.name}.csv", csv_text(figure, total)
