"""The figures of some observations, in the words of a language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from plugins.observation import tallies
from plugins.observation.findings import OBSERVATION, VIEWPOINT
from plugins.observation.tallies import Grid, Tally
from plugins.render.dates import in_words
from plugins.render.figures import bars, grid
from plugins.render.figures.bars import Bars
from plugins.render.figures.grid import Cells
from plugins.render.shown import Setting, TermShown
from plugins.render.typography import typeset
from plugins.render.values import shown_term
from plugins.render.words import N_, Words, words
from plugins.schema import ContentType, Document

Figure = Bars | Cells

TITLES = {
    VIEWPOINT: (N_("From which viewpoints"), N_("Viewpoint")),
    tallies.THEMES: (N_("About what"), N_("Theme")),
    tallies.PLACE: (N_("Where"), N_("Territory")),
    tallies.MONTH: (N_("When"), N_("Month")),
}
TIE = N_("As many for each of these, %(num)s of %(total)s: %(names)s.")
FOLDER = "data/figures/"
NAMED = 3  # terms that a sentence names; more of them share the first place with nobody


def figures_path(synthesis: Document | None = None) -> str:
    """The folder of the CSV of the figures of a synthesis, or of those of all observations."""
    return f"{FOLDER}{synthesis.slug}/" if synthesis else FOLDER


def figures(
    documents: Sequence[Document], setting: Setting, owner: ContentType | None = None
) -> tuple[Figure, ...]:
    """What can be drawn of some observations; nothing of none. `owner`: the type whose lists the
    terms lead to.
    """
    if not documents:
        return ()
    index = setting.index
    tallied = (
        tallies.by_viewpoint(documents, index),
        tallies.by_theme(documents, index),
        tallies.by_territory(documents, index),
        tallies.by_month(documents),
    )
    crossed = tallies.practices_and_difficulties(documents, index)
    drawn: list[Figure] = [_bars(one, setting, owner) for one in tallied if one.counts]
    return (*drawn, _cells(crossed, setting)) if crossed.cells else tuple(drawn)


def _bars(tally: Tally, setting: Setting, owner: ContentType | None) -> Bars:
    say = words(setting.lang)
    title, of = TITLES[tally.name]
    viewpoints = _terms(VIEWPOINT, setting.index.vocabularies["viewpoints"].terms, setting)
    keys = [count.key for count in tally.counts]
    if tally.name == tallies.MONTH:
        shown = tuple(TermShown(key, "", in_words(key, setting.lang)) for key in keys)
    elif tally.name == tallies.PLACE:  # their lists hold the quarters too: no link to those
        shown = tuple(_with_commune(term, setting) for term in _terms(tally.name, keys, setting))
    else:
        shown = _terms(tally.name, keys, setting, owner)
    return Bars(
        name=tally.name,
        title=say.gettext(title),
        of=say.gettext(of),
        sentence=typeset(_sentence(tally, shown, say), setting.lang),
        lines=bars.lines(tally, shown, viewpoints),
        viewpoints=viewpoints,
        total=tally.total,
        beside=tally.name == tallies.MONTH,
    )


def _sentence(tally: Tally, shown: Sequence[TermShown], say: Words) -> str:
    """What is seen: which line is the longest, and which viewpoints are missing."""
    labels = {term.key: term.label for term in shown}
    most = [labels[count.key] for count in tally.most]
    told = []
    if 0 < len(most) <= NAMED and tally.total > 1:
        number = tally.most[0].number
        template = _longest(tally.name, number, say) if len(most) == 1 else say.gettext(TIE)
        names = _quoted(most, say)
        told.append(template % {"num": number, "total": tally.total, "names": names})
    else:
        spread = say.ngettext("%(num)s observation.", "%(num)s observations.", tally.total)
        told.append(spread % {"num": tally.total})
    absent = [labels[count.key] for count in tally.counts if not count.number]
    if absent and tally.name == VIEWPOINT:
        none = say.gettext("None comes from: %(names)s.")
        told.append(none % {"names": _quoted(absent, say)})
    return " ".join(told)


def _longest(name: str, number: int, say: Words) -> str:
    """The sentence for the one longest line."""
    match name:
        case tallies.THEMES:
            return say.ngettext(
                "%(num)s of the %(total)s observations is about %(names)s.",
                "%(num)s of the %(total)s observations are about %(names)s.",
                number,
            )
        case tallies.PLACE:
            return say.ngettext(
                "%(num)s of the %(total)s observations was made in %(names)s.",
                "%(num)s of the %(total)s observations were made in %(names)s.",
                number,
            )
        case tallies.MONTH:
            return say.ngettext(
                "%(num)s of the %(total)s observations dates from %(names)s.",
                "%(num)s of the %(total)s observations date from %(names)s.",
                number,
            )
    return say.ngettext(
        "%(num)s of the %(total)s observations comes from the viewpoint %(names)s.",
        "%(num)s of the %(total)s observations come from the viewpoint %(names)s.",
        number,
    )


def _quoted(labels: Iterable[str], say: Words) -> str:
    found = [say.gettext("“%(name)s”") % {"name": label} for label in labels]
    return ", ".join(found)


def _cells(crossed: Grid, setting: Setting) -> Cells:
    say = words(setting.lang)
    practices = _terms(tallies.PRACTICES, crossed.rows, setting)
    difficulties = _terms(tallies.DIFFICULTIES, crossed.columns, setting)
    return Cells(
        name=crossed.name,
        title=say.gettext("Which difficulties in which practices"),
        of=say.gettext("Difficulty"),
        sentence=typeset(_meeting(crossed, (*practices, *difficulties), say), setting.lang),
        rows=difficulties,
        columns=practices,
        numbers=grid.numbers(crossed),
        total=crossed.total,
    )


def _meeting(crossed: Grid, shown: Iterable[TermShown], say: Words) -> str:
    """Which practice and which difficulty meet most often, where that is one pair."""
    labels = {(term.vocabulary, term.key): term.label for term in shown}
    held = {one.ref for documents in crossed.cells.values() for one in documents}
    told = [
        say.ngettext(
            "%(num)s of the %(total)s observations tells both of a practice and of a difficulty.",
            "%(num)s of the %(total)s observations tell both of a practice and of a difficulty.",
            len(held),
        )
        % {"num": len(held), "total": crossed.total}
    ]
    if len(crossed.most) == 1:
        practice, difficulty = crossed.most[0]
        said = say.gettext(
            "“%(practice)s” and “%(difficulty)s” meet most often: in %(count)s of them."
        )
        names = {
            "practice": labels["practice_families", practice],
            "difficulty": labels["difficulty_kinds", difficulty],
        }
        told.append(said % {**names, "count": crossed.number(practice, difficulty)})
    return " ".join(told)


def _terms(
    name: str, keys: Iterable[str], setting: Setting, owner: ContentType | None = None
) -> tuple[TermShown, ...]:
    field = setting.index.schema.types[OBSERVATION].fields[name]
    return tuple(shown_term(field, key, setting, owner) for key in keys)


def _with_commune(term: TermShown, setting: Setting) -> TermShown:
    """A quarter with the name of its commune."""
    territories = setting.index.schema.territories
    known = territories.get(term.key)
    around = territories.get(known.within) if known and known.within else None
    label = f"{term.label}, {around.label.get(setting.lang)}" if around else term.label
    return TermShown(term.key, term.vocabulary, label)
