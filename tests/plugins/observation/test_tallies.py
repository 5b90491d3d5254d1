"""Every number of a figure is a count of documents that anybody can count again."""

from __future__ import annotations

from hypothesis import given

from plugins.observation import tallies
from tests.plugins.observation.field import OWN, SCHEMA, VIEWPOINTS, contents, law


@law
@given(contents())
def test_each_line_counts_the_observations_that_say_so(index):
    observed = tallies.observations(index)
    told = {
        "viewpoint": lambda one: [one.data["viewpoint"]],
        "themes": lambda one: one.data["themes"],
        "place": lambda one: [one.data["place"]["territory"]],
        "month": lambda one: [one.data["date"][:7]],
    }
    found = (
        tallies.by_viewpoint(observed, index),
        tallies.by_theme(observed, index),
        tallies.by_territory(observed, index),
        tallies.by_month(observed),
    )
    for tally in found:
        assert tally.total == len(observed)
        said = {key for one in observed for key in told[tally.name](one)}
        assert {count.key for count in tally.counts if count.number} == said
        for count in tally.counts:
            here = [one for one in observed if count.key in told[tally.name](one)]
            assert count.number == len(here)
            for key in VIEWPOINTS:
                assert count.seen_as(key) == len([o for o in here if o.data["viewpoint"] == key])


@law
@given(contents())
def test_each_cell_counts_the_observations_that_say_both(index):
    observed = tallies.observations(index)
    grid = tallies.practices_and_difficulties(observed, index)
    for practice in SCHEMA.vocabularies["practice_families"].terms:
        for difficulty in SCHEMA.vocabularies["difficulty_kinds"].terms:
            both = [
                one
                for one in observed
                if practice in one.data.get("practices", ())
                and difficulty in one.data.get("difficulties", ())
            ]
            assert grid.number(practice, difficulty) == len(both)
            if both:
                assert practice in grid.rows and difficulty in grid.columns


@law
@given(contents())
def test_the_months_follow_each_other_without_a_gap(index):
    keys = [count.key for count in tallies.by_month(tallies.observations(index)).counts]
    assert keys == sorted(set(keys))
    numbers = [int(key[:4]) * 12 + int(key[5:]) for key in keys]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def test_nobody_speaking_from_a_viewpoint_shows():
    counts = tallies.by_viewpoint((), OWN).counts
    assert [count.key for count in counts] == list(VIEWPOINTS)
    assert not tallies.by_viewpoint((), OWN).most
    assert not tallies.by_month(()).counts
    assert not tallies.practices_and_difficulties((), OWN).rows
