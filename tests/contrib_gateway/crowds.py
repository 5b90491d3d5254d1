"""Submissions by the hundred, straight into the store: a desk after a long absence."""

from __future__ import annotations

from collections.abc import Mapping

from contrib_gateway.gateway import Gateway
from contrib_gateway.store import NewSubmission, State, Submission
from plugins.schema import Document, Value

THEMES, SUMMARY = ["sante"], "On y vient sans rendez-vous."
NEEDED: Mapping[str, Mapping[str, Value]] = {
    "need": {"viewpoint": "usager", "themes": THEMES},
    "initiative": {"summary": SUMMARY, "carrier_name": "Léa", "themes": THEMES},
    "actor": {"kind": "epn", "summary": SUMMARY},
    "resource": {"format": "espace-en-ligne", "summary": SUMMARY, "themes": THEMES},
}
TYPES = tuple(NEEDED)
COMMUNES = ("tours", "joue-les-tours", "saint-pierre-des-corps", "fondettes")
WORDS = ("Atelier", "Café", "Boutique", "Wifi", "Permanence", "Salle", "Emploi", "Accès", "Aide")
BODY = "On manque de postes, d’heures d’ouverture et de quelqu’un qui explique. " * 12


def wait(
    gateway: Gateway,
    id: str,
    type: str = "need",
    *,
    data: Mapping[str, Value] | None = None,
    body: str = BODY,
    held: str = "",
    **more: str,
) -> Submission:
    """One more that waits; `held` is why it is held, `data` what it answers beside the least."""
    answers = {"title": f"Fiche {id}", "id": id, "lang": "fr", **NEEDED.get(type, {})}
    answers |= data or {}
    answers |= {"created": "2026-11-20", "updated": "2026-11-20"}
    return gateway.store.accept(
        NewSubmission(
            **{"slug": f"fiche-{id}", "page": "", "base": "", "signed_as": "", **more},
            id=id,
            ticket=id,
            digest=id,
            type=type,
            title=str(answers["title"]),
            lang="fr",
            data=answers,
            body=body,
            private={},
            client="",
            state=State.HELD if held else State.QUEUED,
            reason=held,
        ),
        lambda slug: False,
    )


def change(gateway: Gateway, id: str, page: Document, *, base: str = "", **fields: Value) -> None:
    """A change of a page, as its contributor saw it at main's commit `base` (now)."""
    commit = base or gateway.library.state[0]
    data = {**page.data, **fields}
    named = {"slug": page.slug, "page": page.id, "base": commit}
    wait(gateway, id, page.type.name, data=data, body=page.body, **named)


def crowd(gateway: Gateway, number: int) -> list[str]:
    """Many different ones, every tenth of them held; their ids."""
    ids = []
    for n in range(number):
        type = TYPES[n % 4]
        place = {"place": {"territory": COMMUNES[n % 7 % 4]}} if type != "resource" else {}
        title = {"title": f"{WORDS[n % 9]} {WORDS[n // 9 % 9]} {WORDS[n // 81 % 9]} {n}"}
        held = "screening" if n % 10 == 0 else ""
        name = f"crowd{n:04}"
        wait(gateway, name, type, data=place | title, held=held, signed_as=f"Léa {n}")
        ids.append(name)
    return ids
