"""A made-up territory of any size, the same for the same seed: content that fits the real types.

    python -m benchmarks.territory 1000 FOLDER

writes what `vigie build --content FOLDER` takes: this project's types and lists of choices, and
1000 profiles (initiatives, actors, resources) with the needs, observations, syntheses, issues of
the watch, events and groups that go with so many.
"""

from __future__ import annotations

import random
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

from plugins.schema import (
    Audience,
    ContentType,
    Document,
    Field,
    Index,
    Schema,
    Value,
    load_documents,
    load_schema,
    slugify,
    validate,
    write,
)
from plugins.schema.kinds import (
    Boolean,
    Choice,
    Choices,
    Date,
    Email,
    Hours,
    Integer,
    Items,
    Markdown,
    Paragraph,
    Phone,
    Place,
    References,
    Text,
    Url,
)

CONTENT = Path(__file__).parents[1] / "content"
WORDS = Path(__file__).with_suffix(".yaml")
SHARES = {  # of a hundred profiles, then of what goes with them
    "initiative": 45,
    "actor": 30,
    "resource": 25,
    "need": 20,
    "observation": 40,
    "event": 15,
    "digest": 4,
    "synthesis": 3,
    "group": 3,
    "source": 5,
}
ANSWERED = 0.55  # of the questions that need no answer
TODAY = date(2026, 11, 23)


@dataclass
class Territory:
    """Makes documents. `slugs` names, by type, all that there will be, so that each may refer to
    any other.
    """

    schema: Schema
    words: Mapping[str, Any]
    profiles: int
    chance: random.Random
    slugs: Mapping[str, Sequence[str]] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.titles = {}
        self.slugs = {name: self._named(name, share) for name, share in SHARES.items()}

    def documents(self) -> list[Document]:
        made = [self._document(name, slug) for name in SHARES for slug in self.slugs[name]]
        index = Index(self.schema, made)
        for one in made:
            if problems := validate(one.type, one.data, one.body, index, Audience.FILE):
                raise ValueError(f"{one.ref}: {problems}")
        return made

    def _named(self, name: str, share: int) -> list[str]:
        slugs: dict[str, None] = {}
        for number in range(max(1, self.profiles * share // 100)):
            title = self._title()
            slug = slugify(title)
            if slug in slugs:
                slug = f"{slug}-{number}"
            slugs[slug] = None
            self.titles[f"{name}/{slug}"] = title
        return list(slugs)

    def _title(self) -> str:
        title = " ".join(map(self.chance.choice, self.words["title"].values()))
        communes = self.schema.vocabularies["territories"].terms.values()
        town = self.chance.choice([one.label.get("fr") for one in communes])
        return title if self.chance.random() < 0.3 else f"{title}, {town}"

    def _document(self, name: str, slug: str) -> Document:
        declared = self.schema.types[name]
        created = TODAY - timedelta(days=self.chance.randrange(700))
        updated = created + timedelta(days=self.chance.randrange((TODAY - created).days + 1))
        known = {
            "title": self.titles[f"{name}/{slug}"],
            "id": f"{name[:2]}{self.chance.randrange(36**6):08}",
            "lang": "fr",
            "created": created.isoformat(),
            "updated": updated.isoformat(),
        }
        body = "\n\n".join(self._words(400) for _ in "abc") if declared.body else ""
        return Document(declared, slug, declared.parse(self._data(declared, known, slug)), body)

    def _data(self, declared: ContentType, known: Mapping[str, Value], slug: str) -> Value:
        data: dict[str, Value] = {}
        for name, one in declared.fields.items():
            if name in known:
                data[name] = known[name]
            elif not (one.private or one.managed) and self._is_answered(one, data):
                data[name] = self._value(one, f"{declared.name}/{slug}")
        return data

    def _is_answered(self, one: Field, data: Mapping[str, Value]) -> bool:
        if one.name in ("demo", "withdrawn", "merged") or not one.asked(data):
            return False
        if isinstance(one.kind, Text) and one.kind.pattern:
            return False  # a number that somebody gave out
        return one.required or self.chance.random() < ANSWERED

    def _value(self, one: Field, of: str) -> Value:
        kind, chance = one.kind, self.chance
        match kind:
            case Choice():
                return chance.choice(list(self.schema.vocabularies[kind.vocabulary].terms))
            case Choices():
                terms = list(self.schema.vocabularies[kind.vocabulary].terms)
                most = min(kind.max or len(terms), len(terms), max(3, kind.min))
                return chance.sample(terms, chance.randint(max(1, kind.min), most))
            case References():
                return self._references(kind, of)
            case Place():
                return self._place(kind)
            case Items():
                rows = range(max(kind.min, min(3, kind.max)))
                return [self._row(kind, of, f"{one.name}{number}") for number in rows]
            case _:
                return self._scalar(one)

    def _scalar(self, one: Field) -> Value:
        kind, chance = one.kind, self.chance
        number = chance.randrange(10_000)
        match kind:
            case Date():
                day = TODAY + timedelta(days=chance.randrange(-500, 90))
                moment = f"{day}T{chance.randrange(8, 20):02}:30" if kind.time else f"{day}"
                return moment[:7] if kind.precision == "month" else moment
            case Boolean():
                return chance.random() < 0.7
            case Integer():
                least = max(0, kind.min)
                return chance.randint(least, min(kind.max, least + 120))
            case Url():
                return f"https://exemple-{number}.org/"
            case Email():
                return f"accueil-{number}@exemple.org"
            case Hours():
                return chance.choice(self.words["hours"])
            case Phone():
                return f"02 47 00 {number // 100:02} {number % 100:02}"
            case Markdown() | Paragraph():
                return self._words(kind.max)
            case Text():
                people = kind.max <= 120 and "name" in one.name
                return (
                    chance.choice(self.words["people"])
                    if people
                    else self._title()[: kind.max].strip()
                )
            case _:
                return None

    def _references(self, kind: References, of: str) -> list[str]:
        if kind.parts:
            return []
        to = [name for name in kind.to if name in SHARES]
        chosen = {self._reference(self.chance.choice(to)) for _ in range(min(3, kind.max))}
        return sorted(chosen - {of})

    def _reference(self, name: str) -> str:
        return f"{name}/{self.chance.choice(self.slugs[name])}"

    def _place(self, kind: Place) -> Value:
        """Crowded in the middle, as people are."""
        terms = [t for t in self.schema.vocabularies[kind.vocabulary].terms.values() if t.lat]
        weights = [term.population or 3000 for term in terms]
        (term,) = self.chance.choices(terms, weights)
        place: dict[str, Value] = {"territory": term.key}
        if kind.street and term.lat and term.lon:
            where = self.chance.choice(self.words["title"]["where"])
            place["street"] = f"{self.chance.randrange(1, 90)} rue {where}"
            place["lat"] = round(term.lat + self.chance.gauss(0, 0.006), 5)
            place["lon"] = round(term.lon + self.chance.gauss(0, 0.009), 5)
        return place

    def _row(self, kind: Items, of: str, name: str) -> dict[str, Value]:
        row: dict[str, Value] = {"id": name.replace("_", "")}
        for one in kind.fields.values():
            if self._is_answered(one, row):
                row[one.name] = self._value(one, of)
        return row

    def _words(self, most: int) -> str:
        """One to four sentences, at most so many characters."""
        several = self.chance.sample(self.words["sentences"], self.chance.randint(1, 4))
        words = several[0]
        for sentence in several[1:]:
            if len(words) + len(sentence) < most:
                words = f"{words} {sentence}"
        return words[:most].strip()


def seed(folder: Path, profiles: int, chance: int = 1) -> int:
    """Write the content of a territory into `folder`, which must not exist; how many documents."""
    folder.mkdir(parents=True)
    for name in ("types", "vocabularies"):
        shutil.copytree(CONTENT / name, folder / name)
    shutil.copy(CONTENT / "site.yaml", folder)
    schema, words = load_schema(CONTENT), yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    made = Territory(schema, words, profiles, random.Random(chance)).documents()
    pages = [one for one in load_documents(CONTENT, schema)[0] if one.type.name == "page"]
    for one in [*made, *(page for page in pages if not any(page.references()))]:
        path = folder / one.path
        path.parent.mkdir(exist_ok=True)
        path.write_text(write(one), encoding="utf-8")
    return len(made)


if __name__ == "__main__":
    print(seed(Path(sys.argv[2]), int(sys.argv[1])), "documents")
