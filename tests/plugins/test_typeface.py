"""The face of titles: light, whole for French and English, licensed, the same each time."""

from __future__ import annotations

from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from plugins import typeface


@pytest.fixture(scope="module")
def face(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return typeface.cut(tmp_path_factory.mktemp("static"))


def test_it_weighs_no_more_than_40_kb(face: Path) -> None:
    assert face.stat().st_size <= 40_000


def test_it_writes_french_and_english_in_every_weight_of_titles(face: Path) -> None:
    font = TTFont(face)
    written = "Dès Noël, où un zéphyr haï me vêt de glaçons würmiens, je dîne d’exquis rôtis"
    written += " de bœuf : «\u202f\u00a0»…–€ÉÀÇŒ0123456789"
    assert {ord(sign) for sign in written} <= font.getBestCmap().keys()
    (axis,) = font["fvar"].axes
    assert (axis.axisTag, axis.minValue, axis.maxValue) == ("wght", 400, 700)


def test_it_carries_its_licence(face: Path) -> None:
    names = TTFont(face)["name"]
    assert "SIL Open Font License" in names.getDebugName(13)
    assert "Literata Project Authors" in names.getDebugName(0)


def test_it_is_the_same_each_time_and_made_once(face: Path, tmp_path: Path) -> None:
    made = typeface.cut(tmp_path)
    assert made.read_bytes() == face.read_bytes()
    before = made.stat().st_mtime_ns
    assert typeface.cut(tmp_path).stat().st_mtime_ns == before
    assert [file.name for file in made.parent.iterdir()] == [made.name]
