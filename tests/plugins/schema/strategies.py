"""Made-up content for property tests: a schema with every kind of field, and data that fits it."""

from __future__ import annotations

import string
from typing import Any

from hypothesis import strategies as st

from plugins.schema import Schema, parse_schema
from plugins.schema.kinds.text import UNPRINTABLE, is_visible

TYPE = """
folder: things
url: choses/{slug}/
label: {fr: Chose, en: Thing}
contribute: true
sections: {first: Premier, second: Second}
fields:
  title: {kind: text, required: true, max: 120, label: Titre, section: first}
  story: {kind: paragraph, max: 4000, label: Récit}
  notes: {kind: markdown, max: 4000, label: Notes}
  theme: {kind: choice, from: themes, facet: true, label: Thème}
  themes: {kind: choices, from: themes, max: 3, facet: true, label: Thèmes}
  day: {kind: date, label: Jour}
  month: {kind: date, precision: month, label: Mois}
  start: {kind: date, time: true, label: Début}
  site: {kind: url, label: Site}
  mail: {kind: email, label: Courriel}
  call: {kind: phone, label: Téléphone}
  count: {kind: integer, min: -5, max: 5000, label: Nombre}
  open: {kind: boolean, label: Ouvert}
  place: {kind: place, facet: true, label: Lieu}
  photo: {kind: image, label: Photo}
  related: {kind: references, to: thing, label: Liens}
  rows: {kind: items, label: Lignes, fields: {name: {kind: text, label: Nom, required: true},
    on: {kind: date, label: Le}}}
  secret: {kind: email, private: true, label: Secret}
  state: {kind: choice, from: themes, editors_only: true, label: État}
  because: {kind: text, when: {theme: b}, required: true, label: Pourquoi}
  hours: {kind: hours, label: Horaires}
body: {max: 6000, label: Texte}
"""
LINKED = """
folder: linked
label: Liée
fields:
  title: {kind: text, required: true, label: Titre}
  theme: {kind: choice, from: themes, label: Thème}
  price: {kind: text, required: true, when: {theme: [b, c]}, label: Prix}
  terms: {kind: text, when: {price: any}, label: Conditions}
  tags: {kind: choices, from: themes, min: 2, max: 3, label: Mots}
  about: {kind: text, when: {tags: any}, label: Précisions}
  both: {kind: boolean, required: true, when: {tags: a, theme: b}, label: Les deux}
  rows: {kind: items, min: 2, max: 3, label: Lignes, fields: {
    name: {kind: text, required: true, label: Nom},
    themes: {kind: choices, from: themes, required: true, label: Thèmes},
    state: {kind: choice, from: themes, label: État},
    why: {kind: text, required: true, when: {state: [b, c]}, label: Pourquoi}}}
  after: {kind: references, to: thing, when: {rows: any}, label: Suites}
body: {max: 100, required: true, label: Texte}
"""
COMMON = """
fields:
  id: {kind: text, managed: true, label: Identifiant}
  created: {kind: date, managed: true, label: Créé}
  contact: {kind: email, private: true, label: Contact}
"""
THEMES = "terms: {a: Un, b: Deux, c: {label: {fr: Trois, en: Three}}, d: Quatre}"
TERRITORIES = "terms: {tours: Tours, sanitas: {label: Sanitas, within: tours}}"
SITE = "{name: Vigie, tagline: Regarder ensemble, territory: Tours}"

FILES = {
    "types/thing.yaml": TYPE.encode(),
    "types/_common.yaml": COMMON.encode(),
    "vocabularies/themes.yaml": THEMES.encode(),
    "vocabularies/territories.yaml": TERRITORIES.encode(),
    "site.yaml": SITE.encode(),
}


def schema(**changes: str) -> Schema:
    """The schema of the made-up site; a keyword replaces one file ("thing" for its type)."""
    files = dict(FILES)
    for name, text in changes.items():
        files[f"types/{name}.yaml"] = text.encode()
    return parse_schema(files)


def is_kept(text: str) -> bool:
    kept = not UNPRINTABLE.search(text) and "\u2028" not in text and "\u2029" not in text
    return kept and any(map(is_visible, text))


lines = st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=80).filter(
    is_kept
)
words = st.text(
    st.characters(exclude_categories=("Cs",)) | st.sampled_from("\n\t"), min_size=1, max_size=300
).filter(is_kept)
terms = st.sampled_from(["a", "b", "c", "d"])
slugs = st.text(string.ascii_lowercase + string.digits, min_size=1, max_size=12)
days = st.dates().map(lambda day: day.isoformat())
places = st.fixed_dictionaries(
    {"territory": st.sampled_from(["tours", "sanitas"])},
    optional={"street": lines},
) | st.fixed_dictionaries(
    {"territory": st.just("tours"), "lat": st.floats(-90, 90), "lon": st.floats(-180, 180)}
)
rows = st.lists(
    st.fixed_dictionaries({"id": slugs, "name": lines.filter(str.strip)}, optional={"on": days}),
    min_size=1,
    max_size=4,
    unique_by=lambda row: row["id"],
)


def data() -> st.SearchStrategy[dict[str, Any]]:
    """Raw answers that `validate` accepts, whatever they are (but for references)."""
    return st.fixed_dictionaries(
        {"title": lines.filter(str.strip)},
        optional={
            "story": words,
            "notes": words,
            "theme": st.sampled_from(["a", "c", "d"]),
            "themes": st.lists(terms, min_size=1, max_size=3, unique=True),
            "day": days,
            "month": days.map(lambda day: day[:7]),
            "start": days.map(lambda day: f"{day}T18:30"),
            "site": st.just("https://exemple.fr/a?b=c#d"),
            "mail": st.just("accueil@exemple.fr"),
            "call": st.just("02 47 00 00 00"),
            "hours": st.sampled_from(
                ["lundi, 9 h - 12 h", "Mo,Tu 14:00-17:00; SH off", "sur appel"]
            ),
            "count": st.integers(-5, 5000),
            "open": st.booleans(),
            "place": places,
            "photo": st.just({"file": "a-1.webp", "alt": "Une porte"}),
            "rows": rows,
        },
    )
