"""What waits at the desk one morning: ten contributions, sent through the site's own forms."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import urlsplit

from tests.contrib_gateway.visitor import Values, Visitor, answers, id_of

CLOCKS, CHAIRS = "L’heure des horloges", "Une chaise devant chaque poste"
PRINT = "need/imprimer-un-document-sans-rendez-vous"
FIRST_NAME, SECOND_NAME = "Imprimer sans prévenir", "Imprimer le samedi"
TWIN = "Les mardis du CV"  # a page has that name
SPAM, UNCLEAR, CLUMSY = "Gagnez une tablette", "La salle du fond", "Le café des clavier"
ADVERT, HASTY = "Nos imprimantes en promotion", "Le brouillon de Nour"
NEEDS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        CLOCKS: {"body": "Personne ne sait quand la borne est ouverte.", "signed_as": "Léa"},
        CHAIRS: {"body": "On écrit debout, et on abrège.", "signed_as": "Karim"},
        SPAM: {"body": "https://gain.example/", "_website": "https://gain.example/"},
        UNCLEAR: {"body": "Elle est fermée.", "contact": "zoe@exemple.org"},
        ADVERT: {"body": "Moins vingt pour cent tout le mois.", "signed_as": "Le magasin"},
        HASTY: {"body": "À compléter.", "signed_as": "Nour"},
    }
)
"""Of the same type and theme: only their words tell them apart, as an editor has to."""
INITIATIVES: Mapping[str, str] = MappingProxyType({TWIN: "la-rabaterie", CLUMSY: "tours"})
LATER = (FIRST_NAME, SECOND_NAME)  # two people who read one page and change one answer
ALL = 10


def contribute(visitor: Visitor, name: str, values: Values) -> str:
    """Send a new page of that type, whatever is made of it; its id."""
    review = visitor.fill(name, values)
    return id_of(visitor.submit(review, f"/{name}/", {}).location)


def change(visitor: Visitor, ref: str, title: str) -> str:
    """Propose another name for a page, as it is now; its id."""
    path = f"/contribuer/{ref}/"
    review = visitor.submit(visitor.get(path), path, {"title": title})
    return id_of(visitor.submit(review, path, {}).location)


def fill_desk(url: str) -> Mapping[str, str]:
    """Send all ten; their ids by their titles, in the order in which they came."""
    visitor = Visitor(urlsplit(url).port or 80)
    ids = {title: contribute(visitor, "need", answers("need", title, **more))
           for title, more in NEEDS.items()}  # fmt: skip
    for title, place in INITIATIVES.items():
        values = answers("initiative", title, **{"place-territory": place})
        ids[title] = contribute(visitor, "initiative", values)
    for title in LATER:
        ids[title] = change(visitor, PRINT, title)
    return ids
