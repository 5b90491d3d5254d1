"""Lists of choices whose terms lie within each other."""

from __future__ import annotations

from plugins.schema import Term, Vocabulary
from plugins.schema.labels import Label


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
