"""What a proposal may be called and which files it may touch."""

import posixpath
import subprocess

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from contrib_gateway.errors import BadProposal
from contrib_gateway.forge import Branch, Proposal, is_allowed

PARTS = st.sampled_from(
    ["content", "needs", "x.md", "..", ".", "", ".git", ".GIT", "git~1", "a b", "\0", "-x", "é.png"]
)


@pytest.mark.parametrize(
    "path",
    [
        "content/needs/bus.md",
        "content/images/école-1.webp",
        "content/vocabularies/themes.yaml",
        "content/types/_common.yaml",
    ],
)
def test_the_files_of_the_content_may_be_proposed(path: str) -> None:
    assert is_allowed(path)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "content",
        "content/",
        "/content/needs/x.md",
        "content//x.md",
        "content/../theme/base.html",
        "content/needs/../../x",
        "content/./x.md",
        "content/.git/config",
        "content/needs/.GIT/config",
        "content/git~1/config",
        "content/.g\u200cit/config",
        "content/needs/x.md\0.png",
        "content/needs/x\n.md",
        "content/needs/x.md\n",
        "content\\needs\\x.md",
        "content/needs/..\\x.md",
        "content/needs/.hidden",
        "Content/needs/x.md",
        "theme/templates/base.html",
        ".github/workflows/x.yml",
        "content/needs/" + "x" * 300,
        "content/needs/\ud800.md",
    ],
)
def test_nothing_outside_the_content_may_be_proposed(path: str) -> None:
    assert not is_allowed(path)
    with pytest.raises(BadProposal):
        Proposal("a1", "need", "bus", "Le bus", {path: b"x"})


@given(st.text() | st.lists(PARTS).map("/".join))
def test_an_allowed_path_stays_in_the_content_whoever_reads_it(path: str) -> None:
    if is_allowed(path):
        assert path == posixpath.normpath(path)
        assert path.startswith("content/")
        assert not set(path) & set('\0\n\r\\:*?"<>|~')
        assert not any(part.lower().startswith(".git") for part in path.split("/"))


@settings(max_examples=100, deadline=None)
@given(st.text(), st.text(), st.text())
@example("need", "x", "a.lock")
@example("need", "a..b", "a1")
@example("need", "x", "a1\n")
@example("need", "x" * 250, "a1")
@example("Need", "x", "a1")
def test_a_name_that_is_accepted_is_a_branch_for_git(type: str, slug: str, id: str) -> None:
    try:
        branch = Proposal(id, type, slug, "Un titre", {"content/x": b""}).branch
    except BadProposal:
        return
    command = ["git", "check-ref-format", "--branch", branch]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0


@given(
    st.from_regex("[a-z][a-z0-9_-]{0,20}", fullmatch=True),
    st.from_regex("[a-z0-9-]{1,60}", fullmatch=True),
    st.from_regex("[A-Za-z0-9]{1,20}", fullmatch=True),
)
def test_a_branch_tells_its_proposal(type: str, slug: str, id: str) -> None:
    branch = Proposal(id, type, slug, "Un titre", {"content/x": b""}).branch
    assert branch == f"contribution/{type}/{slug}-{id}"
    assert Branch.parse(branch) == Branch(type, slug, id)


@pytest.mark.parametrize("files", [{}, {"content/x.md": b"x", "README.md": b"x"}])
def test_a_proposal_changes_something_and_nothing_else(files: dict[str, bytes | None]) -> None:
    with pytest.raises(BadProposal):
        Proposal("a1", "need", "bus", "Le bus", files)
