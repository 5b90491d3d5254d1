"""Names of documents in addresses and files, and the short ids that identify them for ever."""

from __future__ import annotations

import re
import secrets

from unidecode import unidecode

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
ADDRESSES = frozenset(  # segments that addresses use
    ["par", "page", "en", "feeds", "data"]
    + ["chiffres", "a-essaimer", "a-renforcer", "a-construire"]  # pages beside those of documents
    + ["sans-reponse", "mois", "suivre", "carte"]  # likewise
    + ["atelier", "feuille"]  # beside the forms that change one
)
DEVICES = frozenset(  # a checkout on Windows cannot hold a file that is named like one of these
    ["con", "prn", "aux", "nul", *(f"{name}{n}" for name in ("com", "lpt") for n in range(10))]
)
RESERVED = ADDRESSES | DEVICES
FALLBACK = "fiche"
MAX_LENGTH = 60
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # no 0/o, 1/l/i: read aloud and copied by hand
ID_LENGTH = 10


def slugify(title: str, fallback: str = FALLBACK) -> str:
    """A slug for `title`: never empty, at most 60 characters, none of the reserved words.

    A title that leaves none gets `fallback`; a reserved word gets it in front.
    """
    words = re.findall(r"[a-z0-9]+", unidecode(title).lower())
    slug = ""
    for word in words:
        if len(slug) + 1 + len(word) > MAX_LENGTH:
            slug = slug or word[:MAX_LENGTH]
            break
        slug = f"{slug}-{word}" if slug else word
    if slug and slug not in RESERVED:
        return slug
    named = f"{fallback}-{slug}".replace("_", "-").rstrip("-")
    return named if is_slug(named) else f"{FALLBACK}-{named}".rstrip("-")


def is_slug(text: str) -> bool:
    return bool(SLUG.fullmatch(text)) and text not in RESERVED and len(text) <= 2 * MAX_LENGTH


def new_id() -> str:
    """Ten characters, about 49 random bits: unique among the documents of a territory."""
    number = secrets.randbelow(len(ALPHABET) ** ID_LENGTH)  # one call of the system, not ten
    letters = []
    for _ in range(ID_LENGTH):
        number, letter = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[letter])
    return "".join(letters)
