"""Lists of choices whose terms lie within each other."""

from __future__ import annotations

import pytest

from plugins.schema import SchemaError, Term, Vocabulary
from plugins.schema.labels import Label
from plugins.schema.source import Source


def test_what_covers_a_place_is_named_once() -> None:
    """A country has no point of its own; it covers its communes, and so do those beside it."""
    terms = (
        Term("pays", Label({"": "Pays"})),
        Term("partout", Label({"": "Partout"})),
        Term("a", Label({"": "A"}), within="pays", lat=47.0, lon=0.5),
    )
    places = Vocabulary("territories", Label({"": "Lieux"}), {term.key: term for term in terms})
    assert [term.key for term in places.wider("a")] == ["pays", "partout"]
    assert places.wider("pays") == ()


@pytest.mark.parametrize(("name", "said"), [("lat", "nan"), ("lat", "473.3"), ("lon", "1e309")])
def test_a_point_that_is_nowhere_on_earth_is_told_before_a_map_is_drawn(
    name: str, said: str
) -> None:
    file = f"label: Lieux\nterms:\n  a: {{label: A, {name}: {said}}}\n".encode()
    with pytest.raises(SchemaError, match=f"territories.yaml:3: expected degrees.*{said}"):
        Vocabulary.declare("territories", Source.parse("territories.yaml", file))
