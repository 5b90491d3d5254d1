"""What editors who know no git read on GitHub: the proposal in French, and the way to the desk."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from contrib_gateway.clock import utc_now
from contrib_gateway.forge import Proposal
from contrib_gateway.forge.github import GitHubForge
from contrib_gateway.forge.github.client import Client
from contrib_gateway.forge.local import LocalForge
from contrib_gateway.ground import SEED
from contrib_gateway.library import ROOT, Library
from contrib_gateway.presentation import LONGEST, LONGEST_VALUE, Presenter
from contrib_gateway.store import NewSubmission, State, Submission
from plugins.render import Site
from plugins.schema import Document, write
from plugins.schema.kinds.text import UNPRINTABLE
from tests.contrib_gateway.clocks import SetClock
from tests.contrib_gateway.forge.recognising import IN_TITLES, NASTY, Shown, letters, recognised
from tests.contrib_gateway.forge.worlds import NAME
from tests.contrib_gateway.ledger import git
from tests.contrib_gateway.offices import Office, need, small_content
from tests.github import GitHub
from tests.pages import Element

CANARY = "canari@example.org"
OURS = {"table", "thead", "tbody", "tr", "th", "td", "p", "strong", "ul", "li", "br", "span", "a"}
HOSTILE = "\n".join(words for words in NASTY if "\0" not in words and words.isprintable())


@dataclass(frozen=True)
class Editors:
    """Those who read; `library` is the whole content of the project."""

    library: Library
    presenter: Presenter

    def read(self, document: Document, **about: Any) -> str:
        """The text, which shows nothing but what we mean, and leads nowhere but to the desk."""
        id = str(document.data["id"])
        text = self.presenter.present(submission(document, **about), document)
        shown = Shown.of(text)
        assert shown.tags <= OURS
        assert shown.attributes == {"href"}
        assert shown.recognised == []
        desk = f"https://bureau.example/vigie/redaction/{id}/"
        assert shown.links == [desk, f"{desk}page/"]
        assert len(text) < 65_536
        return text

    def document(self, reference: str, **data: Any) -> Document:
        found = self.library.index.get(reference)
        assert found
        return replace(found, data={**found.data, **data})


def submission(document: Document, **about: Any) -> Submission:
    moment = utc_now()
    values: dict[str, Any] = {
        "id": document.data["id"],
        "ticket": "t",
        "digest": "d",
        "type": document.type.name,
        "slug": document.slug,
        "title": document.title,
        "lang": "fr",
        "data": document.data,
        "body": document.body,
        "private": {"contact": CANARY, "phone": CANARY},
        "signed_as": "",
        "client": CANARY,
        "branch": "",
        "accepted_at": moment,
        "decided_at": None,
        "decided_by": "",
        "commit": "",
        "online_at": None,
        "attempts": 0,
        "next_try_at": None,
        "asked": False,
        "forgotten_at": None,
    }
    return Submission(**values | about)


@pytest.fixture(scope="module")
def editors(tmp_path_factory: pytest.TempPathFactory) -> Editors:
    forge = LocalForge.open(tmp_path_factory.mktemp("whole") / "forge.git", SEED)
    library = Library(forge)
    site = Site("https://vigie.example/", "https://bureau.example/vigie", utc_now().date())
    return Editors(library, Presenter(library, lambda: site))


def rows(text: str) -> list[list[Element]]:
    return [row.all("td") or row.all("th") for row in Shown.of(text).page.all("tr")]


def test_a_new_page_reads_like_a_letter_of_the_house(editors: Editors) -> None:
    """The whole of it, as an editor sees it."""
    page = editors.document("need/savoir-ce-que-font-les-autres", id="neuf")
    body = "Deux salles.\n\nUne [carte](resource/kikekoi) ?"
    new = replace(page, slug="neuf", body=body, data=small(page))
    text = editors.read(new, signed_as="Zoé Petit")
    assert letters(Shown.of(text).page.text) == letters(
        """
        Besoin · nouvelle fiche, signée Zoé Petit
        La lire et décider, au bureau de rédaction · La page telle qu’elle sera
        Champ Valeur
        Quel est le besoin\u202f? Savoir ce que font les autres avant de travailler ensemble
        Vous parlez en tant que Professionnel de terrain
        Thèmes Coopérer entre structures
        Décrivez la situation Deux salles. Une [carte](resource/kikekoi)\u202f?
        """
    )


def small(page: Document) -> Mapping[str, Any]:
    kept = {name: page.data[name] for name in ("title", "viewpoint", "lang", "created", "updated")}
    return kept | {"id": "neuf", "themes": page.data["themes"][:1]}


def test_a_change_shows_what_was_and_what_will_be(editors: Editors) -> None:
    page = editors.document("need/savoir-ce-que-font-les-autres")
    changed = replace(page, data={**page.data, "title": "Savoir"}, body="")
    heading, first, second = rows(editors.read(changed))
    assert [cell.text for cell in heading] == ["Champ", "Avant", "Après"]
    assert [cell.text for cell in first][1:] == [page.title, "Savoir"]
    assert letters(second[1].text) == letters(page.body)
    assert second[2].text == "–"


def test_what_others_changed_meanwhile_is_no_part_of_a_change(
    editors: Editors, tmp_path: Path
) -> None:
    forge = LocalForge.open(tmp_path / "forge.git", SEED)
    library = Library(forge)
    page = library.index.get("need/savoir-ce-que-font-les-autres")
    assert page
    seen, mine = forge.head(), replace(page, data={**page.data, "title": "Savoir"})
    theirs = replace(page, body="Un autre texte.")
    files: dict[str, bytes | None] = {ROOT + page.path: write(theirs).encode()}
    forge.propose(Proposal("b2", "need", page.slug, page.title, files))
    forge.merge("b2", "Nour")
    told = Presenter(
        library, lambda: Site("https://vigie.example/", "https://b.example/", utc_now().date())
    ).present(submission(mine, base=seen, page=page.id), mine)
    assert "Un autre texte" not in told and page.body[:40] not in told
    assert "Savoir" in told


def test_where_nothing_would_change_it_is_said(editors: Editors) -> None:
    text = editors.read(editors.document("need/savoir-ce-que-font-les-autres"))
    assert "Rien qu’un lecteur puisse voir" in Shown.of(text).page.text
    assert rows(text) == []


def test_what_the_checker_remarks_comes_before_the_table(editors: Editors) -> None:
    page = editors.document("need/savoir-ce-que-font-les-autres", id="neuf", themes=["@nulle"])
    text = editors.read(replace(page, slug="neuf"))
    assert "« @\u2060nulle »" in Shown.of(text).page.one("ul").text.replace("\u202f", " ")
    assert text.index("Ce qui reste à vérifier") < text.index("| Champ")


def test_every_page_of_the_project_can_be_presented(editors: Editors) -> None:
    for page in editors.library.index.documents:
        new = replace(page, slug=f"{page.slug}-neuf", data={**page.data, "id": "neuf"})
        table = rows(editors.read(new))
        assert {len(cells) for cells in table} == {2}
        assert len(table) > 2
        changed = replace(page, data={**page.data, "title": "Autre"})
        assert {len(cells) for cells in rows(editors.read(changed))} == {3}


def test_what_is_private_is_never_told(editors: Editors) -> None:
    for page in editors.library.index.documents:
        private = {f.name: CANARY for f in page.type.fields.values() if f.private}
        told = editors.read(replace(page, slug="neuf", data={**page.data, "id": "x", **private}))
        assert "canari" not in told


def test_hostile_words_are_shown_in_every_field_and_do_nothing(editors: Editors) -> None:
    one_of_each = {page.type.name: page for page in editors.library.index.documents}
    for page in one_of_each.values():
        hostile = {name: defaced(value) for name, value in page.data.items() if name != "id"}
        worse = replace(page, slug="neuf", data={**hostile, "id": "neuf"}, body=HOSTILE)
        text = editors.read(worse, signed_as=HOSTILE)
        assert {len(cells) for cells in rows(text)} == {2}
        assert letters(HOSTILE) in letters(Shown.of(text).page.text)


def defaced(value: Any) -> Any:
    if isinstance(value, str):
        return HOSTILE
    if isinstance(value, list):
        return [defaced(one) for one in value]
    if isinstance(value, dict):
        return {key: defaced(one) for key, one in value.items()}
    return value


@pytest.mark.parametrize(
    ("words", "is_cut"), [("mot " * 10_000, False), ("$" * 3000, True), ("<" * 70_000, True)]
)
def test_a_text_too_long_for_github_keeps_its_links_and_whole_rows(
    editors: Editors, words: str, is_cut: bool
) -> None:
    page = editors.document("initiative/la-carte-des-imprimantes", id="neuf")
    long = {
        name: words if page.type.fields[name].kind.name in ("text", "paragraph") else value
        for name, value in page.data.items()
        if name != "id"
    }
    text = editors.read(replace(page, slug="neuf", data={**long, "id": "neuf"}, body=words))
    assert len(text) <= LONGEST + 200
    table = rows(text)
    assert {len(cells) for cells in table} == {2}
    assert any(cells[-1].text.endswith("…") for cells in table)
    assert all(len(cells[-1].text) <= LONGEST_VALUE + 1 for cells in table)
    is_said = Shown.of(text).page.all("p")[-1].text == "La suite se lit au bureau de rédaction."
    assert is_said == is_cut


# As it is kept on GitHub


@pytest.fixture
def github(tmp_path: Path, clock: SetClock) -> Iterator[GitHub]:
    seed = small_content(tmp_path / "seed")
    with GitHub(tmp_path / "github.git", seed, clock=clock) as started:
        yield started
        assert not started.violations, "\n".join(started.violations)


@pytest.fixture
def office(github: GitHub, tmp_path: Path, clock: SetClock) -> Iterator[Office]:
    client = Client(NAME, github.token, clock, url=github.url)
    office = Office(tmp_path, GitHubForge(client, tmp_path / "mirror.git", clock), clock)
    yield office
    office.store.close()


def hostile_need(words: str, clock: SetClock) -> NewSubmission:
    title = " ".join(words.split())[:115]
    new = need(title, clock)
    data = {**new.data, "title": title}
    return replace(new, data=data, body=words, signed_as=words[:120])


def assert_calls_nobody(github: GitHub) -> None:
    """Neither a pull request, nor a comment, nor a commit."""
    for pull in github.state.pulls:
        assert recognised(pull.title, IN_TITLES) == []
        for text in (pull.body or "", *(comment.body for comment in pull.comments)):
            shown = Shown.of(text)
            assert shown.tags <= OURS
            assert shown.recognised == []
            assert all(link.startswith("http://vigie.example/redaction/") for link in shown.links)
    messages = git(github.repository, "log", "--all", "--format=%B")
    assert recognised(messages, IN_TITLES) == []
    assert CANARY not in messages


def handfuls() -> list[str]:
    """All that is nasty and that a form lets through, nine together."""
    pieces = [words.replace("\r", "") for words in NASTY if letters(words)]
    kept = [UNPRINTABLE.sub("", piece) for piece in pieces]
    return [" ".join(kept[start : start + 9]) for start in range(0, len(kept), 9)]


def test_a_hostile_proposal_calls_nobody_from_its_opening_to_its_end(
    github: GitHub, office: Office, clock: SetClock
) -> None:
    fates = {}
    for words in handfuls():
        made = hostile_need(words, clock)
        office.store.accept(made, lambda slug: False)
        fates[made.id] = made.title
    office.settle()
    for number, (id, title) in enumerate(fates.items()):
        assert office.state(id) is State.PROPOSED, office.find(id).reason
        opened = office.forge.opened(id)
        assert opened
        assert opened.title == title
        if number % 2:
            assert office.forge.merge(id, "Nour @nour", office.library).by == "Nour @nour"
        else:
            reason = f"{title}\n\n{HOSTILE}"[:2000].strip()
            office.forge.decline(id, "Nour @nour", reason)
            decision = office.forge.decision(id)
            assert decision
            assert (decision.by, decision.reason) == ("Nour @nour", reason)
    office.forge.undo(list(fates)[1], "Nour @nour", HOSTILE, office.library)
    assert_calls_nobody(github)


def test_no_stranger_can_keep_what_is_merged_from_being_built(
    github: GitHub, office: Office, clock: SetClock
) -> None:
    """GitHub starts no workflow for a commit whose message says [skip ci]."""
    made = hostile_need("Le bus [skip ci]", clock)
    id = office.store.accept(made, lambda slug: False).id
    office.settle()
    office.forge.merge(id, "Nour", office.library)
    message = git(github.repository, "log", "-1", "--format=%B", "main")
    assert "Le bus" in message
    assert "[skip ci]" not in message
