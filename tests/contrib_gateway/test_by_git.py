"""The repository behind the site: git reads it, git writes to it, and the site follows."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from contrib_gateway.builder import PROJECT
from tests.contrib_gateway.conftest import Serve
from tests.contrib_gateway.ledger import Ledger, git
from tests.contrib_gateway.running import Server, until
from tests.contrib_gateway.visitor import Visitor, answers, id_of

GOOD = """---
id: {slug}1
title: Un besoin poussé {slug}
viewpoint: usager
themes: [chercher-un-emploi]
lang: fr
created: 2026-03-01
updated: 2026-03-01
---

Écrit à la main.
"""


class Clone:
    """Nadia's copy of the repository, who pushes without asking anybody."""

    def __init__(self, server: Server, folder: Path) -> None:
        git(folder, "clone", "--quiet", str(server.state / "forge.git"), "clone")
        self.folder = folder / "clone"

    def push(self, path: str, text: str | None) -> str:
        """Put a file on main, or take it away; returns the commit."""
        target = self.folder / "content" / path
        git(self.folder, "pull", "--quiet", "--rebase")
        if text is None:
            target.unlink()
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
        git(self.folder, "add", "--all")
        git(self.folder, "commit", "--quiet", "--message", f"Nadia : {path}")
        git(self.folder, "push", "--quiet", "origin", "HEAD:main")
        return git(self.folder, "rev-parse", "HEAD")


@pytest.fixture(scope="module")
def server(serve: Serve) -> Server:
    return serve()


@pytest.fixture(scope="module")
def editor(server: Server) -> Visitor:
    return server.editor()


@pytest.fixture
def clone(server: Server, tmp_path: Path) -> Clone:
    return Clone(server, tmp_path)


def wait_built(editor: Visitor) -> None:
    until(lambda: "À jour depuis" in editor.get("/redaction/").words, "a good build")


def online(visitor: Visitor, receipt: str) -> bool:
    return "C’est en ligne." in visitor.get(receipt).words


def test_a_push_is_noticed_and_published(server: Server, clone: Clone) -> None:
    """Within seconds, without a word to the gateway; so is its removal."""
    clone.push("needs/pousse-ici.md", GOOD.format(slug="ici"))
    server.wait_page("/besoins/pousse-ici/")
    assert "/besoins/pousse-ici/" in server.visitor().get("/besoins/").links
    clone.push("needs/pousse-ici.md", None)
    until(lambda: server.visitor().get("/besoins/pousse-ici/").status == 404, "its removal")


def test_a_merge_made_by_hand_is_told_on_the_receipt(server: Server, clone: Clone) -> None:
    """Nadia merges a proposal with git: its author reads that it is online, the desk by whom."""
    visitor = server.visitor()
    receipt = visitor.contribute("need", answers("need", "Fusionné à la main"))
    server.wait_queue()
    git(clone.folder, "fetch", "--quiet")
    branch = f"origin/contribution/need/fusionne-a-la-main-{id_of(receipt)}"
    git(clone.folder, "merge", "--quiet", "--no-ff", "-m", "Bienvenue", branch)
    git(clone.folder, "push", "--quiet", "origin", "HEAD:main")
    until(lambda: online(visitor, receipt), "it to be online")
    assert visitor.get("/besoins/fusionne-a-la-main/").status == 200
    assert Ledger.read(server.state).states[id_of(receipt)] == "published"


def test_a_broken_push_leaves_the_old_site_up_and_is_told_on_the_desk(
    server: Server, editor: Visitor, clone: Clone
) -> None:
    """With the fault's words, where it is; what is published meanwhile waits for the mend, then
    all is online.
    """
    visitor = server.visitor()
    home = visitor.get("/").body
    clone.push("needs/casse.md", GOOD.format(slug="casse").replace("usager", "martien"))
    until(lambda: "a échoué" in editor.get("/redaction/").words, "the desk to say so")
    desk = editor.get("/redaction/").words
    assert "content/needs/casse.md" in desk
    assert "martien" in desk
    assert visitor.get("/").body == home
    assert visitor.get("/besoins/casse/").status == 404
    receipt = visitor.contribute("need", answers("need", "Publié pendant la panne"))
    server.wait_queue()
    editor.publish(id_of(receipt))
    assert "C’est accepté." in visitor.get(receipt).words
    assert visitor.get("/besoins/publie-pendant-la-panne/").status == 404
    clone.push("needs/casse.md", GOOD.format(slug="casse"))
    server.wait_page("/besoins/casse/")
    until(lambda: online(visitor, receipt), "what was published meanwhile")
    assert visitor.get("/besoins/publie-pendant-la-panne/").status == 200
    wait_built(editor)


def test_a_broken_type_stops_nothing_even_after_a_restart(
    server: Server, editor: Visitor, clone: Clone
) -> None:
    """Somebody pushes a type file that cannot be read: the site stays, forms still take what is
    sent, the desk shows the fault; the same after a restart.
    """
    path = clone.folder / "content" / "types" / "need.yaml"
    good = path.read_text(encoding="utf-8")
    clone.push("types/need.yaml", good + "\nfolder: [\n")
    until(lambda: "a échoué" in editor.get("/redaction/").words, "the desk to say so")
    assert "need.yaml" in editor.get("/redaction/").words
    before = server.visitor().contribute("need", answers("need", "Avant le redémarrage"))
    server.restart()
    assert server.visitor().get("/").status == 200
    after = server.visitor().contribute("need", answers("need", "Après le redémarrage"))
    until(lambda: "need.yaml" in editor.get("/redaction/").words, "the desk to say so again")
    clone.push("types/need.yaml", good)
    wait_built(editor)
    server.wait_queue()
    for receipt in (before, after):
        editor.publish(id_of(receipt))
        until(lambda r=receipt: online(server.visitor(), r), "it to be online")


def test_a_page_pushed_under_the_name_of_a_waiting_proposal_is_not_overwritten(
    server: Server, editor: Visitor, clone: Clone
) -> None:
    """The editor is told that the page changed; what Nadia wrote stays."""
    receipt = server.visitor().contribute("need", answers("need", "Le même nom"))
    server.wait_queue()
    clone.push("needs/le-meme-nom.md", GOOD.format(slug="meme"))
    server.wait_page("/besoins/le-meme-nom/")
    page = editor.decide(id_of(receipt), "publier")
    assert page.status == 409
    assert "poussé meme" in server.visitor().get("/besoins/le-meme-nom/").words


def test_a_page_pushed_under_the_name_of_a_held_one_stays_beside_it(
    server: Server, editor: Visitor, clone: Clone
) -> None:
    """What is held becomes a proposal only when an editor publishes it, much later perhaps: it
    then gets another address, and neither hides the other.
    """
    visitor = server.visitor()
    receipt = visitor.contribute("observation", answers("observation", "Vu deux fois"))
    folder = clone.folder / "content" / "observations"
    lines = next(folder.glob("*.md")).read_text(encoding="utf-8").splitlines()
    text = "\n".join("id: vudeuxfois" if line.startswith("id:") else line for line in lines) + "\n"
    clone.push("observations/vu-deux-fois.md", text)
    server.wait_page("/observations/vu-deux-fois/")
    editor.publish(id_of(receipt))
    until(lambda: online(visitor, receipt), "it to be online")
    assert "/observations/vu-deux-fois-2/" in visitor.get(receipt).links
    assert "Vu deux fois" in visitor.get("/observations/vu-deux-fois-2/").words
    git(clone.folder, "pull", "--quiet")
    assert (folder / "vu-deux-fois.md").read_text(encoding="utf-8") == text


def test_git_alone_tells_every_proposal_and_every_decision(
    server: Server, editor: Visitor, tmp_path: Path
) -> None:
    """A clone shows what waits, what was merged by whom, what was declined and why, and nobody's
    address.
    """
    visitor = server.visitor()
    signed = {"signed_as": "Zoé du quartier", "contact": "zoe.secret@example.org"}
    receipts = [
        visitor.contribute("need", answers("need", title, **signed))
        for title in ("Celle qui attend", "Celle qui paraît", "Celle qui ne paraît pas")
    ]
    server.wait_queue()
    waits, appears, fails = map(id_of, receipts)
    editor.publish(appears)
    editor.decline(fails, "Elle existe déjà.\n\nVoyez l’autre.")
    git(tmp_path, "clone", "--quiet", "--mirror", str(server.state / "forge.git"), "mirror")
    mirror = tmp_path / "mirror"
    refs = git(mirror, "for-each-ref", "--format=%(refname)").splitlines()
    assert f"refs/heads/contribution/need/celle-qui-attend-{waits}" in refs
    merge = git(mirror, "log", "-1", "--format=%B%P", f"refs/merged/{appears}")
    assert "Celle qui paraît" in merge
    assert "Merged-by: Lea Martin" in merge
    assert "Proposed-by: Zoé du quartier" in merge
    declined = git(mirror, "log", "-1", "--format=%B", f"refs/declined/{fails}")
    assert "Voyez l’autre." in declined
    assert "Declined-by: Lea Martin" in declined
    assert "celle-qui-parait.md" in git(mirror, "log", "--format=", "--name-only", "main")
    everything = git(mirror, "log", "--all", "--patch", "--format=fuller") + "".join(refs)
    assert "zoe.secret" not in everything
    assert "lea.martin" not in everything
    git(mirror, "fsck", "--strict")


def tree(folder: Path) -> dict[str, bytes]:
    files = [path for path in folder.resolve().rglob("*") if path.is_file()]
    return {path.relative_to(folder.resolve()).as_posix(): path.read_bytes() for path in files}


def test_the_site_can_be_built_by_hand_to_the_same_bytes(serve: Serve, tmp_path: Path) -> None:
    """`pelican` on the exported content, `vigie build`, and what the gateway serves are one."""
    # The same day for all three, whatever the hour.
    server = serve(whole=True, SOURCE_DATE_EPOCH="1774000000")
    server.wait_site()
    content = server.state / "content"
    pelican = [sys.executable, "-m", "pelican", str(content), "-s", "pelicanconf.py"]
    by_hand = subprocess.Popen(
        [*pelican, "-o", str(tmp_path / "hand")], cwd=PROJECT, env=server.environ
    )
    built = server.run("build", "--content", str(content), "--output", str(tmp_path / "vigie"))
    assert built.returncode == 0, built.stderr
    assert by_hand.wait() == 0
    site = tree(server.state / "site")
    assert "besoins/index.html" in site
    assert tree(tmp_path / "hand") == tree(tmp_path / "vigie") == site
    checked = server.run("check", str(content))
    assert checked.returncode == 0, checked.stdout
    assert (server.state / "site").is_symlink()  # a switch, not a copy
