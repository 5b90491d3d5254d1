"""What runs on GitHub: safe with strangers' proposals, and each step does what it says."""

from __future__ import annotations

import json
import os
import re
import runpy
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from contrib_gateway.cli import main

ROOT = Path(__file__).parents[1]
SCRIPTS = ROOT / ".github" / "scripts"
FILES = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
# YAML 1.1 reads the key `on` as true; a base loader keeps all scalars as they are written.
WORKFLOWS: dict[str, Any] = {
    file.stem: yaml.load(file.read_text(), Loader=yaml.BaseLoader)  # noqa: S506 — texts, no objects
    for file in FILES
}
WRITES = {
    "check": {},
    "report": {"pull-requests"},
    "publish": {"pages", "id-token"},
    "daily": {"actions"},
    "tests": {},
}
each_workflow = pytest.mark.parametrize("name", WORKFLOWS)


def steps(name: str) -> list[dict[str, Any]]:
    return [step for job in WORKFLOWS[name]["jobs"].values() for step in job["steps"]]


def step(name: str, words: str) -> dict[str, Any]:
    return next(step for step in steps(name) if words in step.get("name", ""))


def using(name: str, action: str) -> list[dict[str, Any]]:
    return [step for step in steps(name) if step.get("uses", "").startswith(f"actions/{action}@")]


def test_github_would_accept_every_workflow() -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema"]
    result = subprocess.run(
        [*command, "vendor.github-workflows", *FILES], capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stdout


@each_workflow
def test_no_workflow_may_do_more_than_it_needs(name: str) -> None:
    workflow = WORKFLOWS[name]
    assert "pull_request_target" not in workflow["on"]
    granted = {right for right, level in workflow["permissions"].items() if level != "read"}
    assert granted == set(WRITES[name])
    for job in workflow["jobs"].values():
        assert "permissions" not in job
        assert 0 < int(job["timeout-minutes"]) <= 60


@each_workflow
def test_no_shell_is_handed_words_that_a_stranger_wrote(name: str) -> None:
    for each in steps(name):
        assert "${{" not in each.get("run", "")
        assert "github-script" not in each.get("uses", "")
    assert "secrets." not in (ROOT / f".github/workflows/{name}.yml").read_text()


@each_workflow
def test_only_official_actions_of_a_known_version_are_used(name: str) -> None:
    for each in steps(name):
        assert re.fullmatch(r"actions/[a-z-]+@v\d+", each.get("uses", "actions/none@v1"))
    for checkout in using(name, "checkout"):
        assert checkout["with"]["persist-credentials"] == "false"


def test_the_workflow_that_comments_never_fetches_the_proposal() -> None:
    assert [checkout["with"]["ref"] for checkout in using("report", "checkout")] == ["main"]
    assert WORKFLOWS["report"]["on"]["workflow_run"]["workflows"] == [WORKFLOWS["check"]["name"]]
    (download,) = using("report", "download-artifact")
    names = [upload["with"]["name"] for upload in using("check", "upload-artifact")]
    assert download["with"]["name"] in names
    preview = names[1 - names.index(download["with"]["name"])]
    assert f"«\u202f{preview}\u202f»" in compose(passed=True, report="", run="")


def test_the_site_is_always_built_of_main_as_it_is() -> None:
    workflow = WORKFLOWS["publish"]
    assert [checkout["with"]["ref"] for checkout in using("publish", "checkout")] == ["main"]
    assert workflow["concurrency"]["cancel-in-progress"] == "false"
    assert len(workflow["jobs"]) == 1  # a job of its own would deploy an old build again


def test_the_site_is_published_each_day_by_a_clock_that_may_stop_without_it() -> None:
    assert list(WORKFLOWS["daily"]["on"]) == ["schedule"]
    assert "schedule" not in WORKFLOWS["publish"]["on"]
    assert "workflow_dispatch" in WORKFLOWS["publish"]["on"]
    assert "gh workflow run publish.yml " in step("daily", "publication")["run"]


@each_workflow
def test_what_a_workflow_runs_exists(name: str) -> None:
    for each in steps(name):
        words = each.get("run", "")
        for command in re.findall(r"\bvigie (\w+)", words):
            assert command in main.commands
        for file in re.findall(r"(?<![\w/])\.(?:github|ci)/[\w./-]+", words):
            assert (ROOT / file).exists(), file
    for setup in using(name, "setup-python"):
        assert (ROOT / setup["with"]["cache-dependency-path"]).exists()


# The steps, run as GitHub runs them.


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "content", tmp_path / "content")
    return tmp_path


def run_step(
    folder: Path, each: dict[str, Any], **environ: str
) -> subprocess.CompletedProcess[str]:
    """With GitHub's own shell, where `vigie` is installed."""
    script = folder / "step.sh"
    script.write_text(each["run"])
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "-e", script],
        cwd=folder,
        env=os.environ | {"PATH": path} | environ,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_a_good_proposal_passes_and_has_a_preview(clone: Path) -> None:
    result = run_step(clone, step("check", "Check the content"))
    assert result.returncode == 0, result.stdout + result.stderr
    assert "0 défaut(s)" in (clone / "report" / "report.txt").read_text()
    assert (clone / "output" / "index.html").exists()


def test_a_faulty_proposal_fails_and_its_report_says_what_to_do(clone: Path) -> None:
    need = clone / "content" / "needs" / "imprimer-un-document-sans-rendez-vous.md"
    need.write_text(
        re.sub("^viewpoint: .*", "viewpoint: martien\nx: '::error::'", need.read_text(), flags=re.M)
    )
    (clone / "content" / "needs" / "deux-points.md").write_text("---\ntitle: un : deux\n---\n")
    result = run_step(clone, step("check", "Check the content"))
    assert result.returncode == 1
    report = (clone / "report" / "report.txt").read_text()
    assert "content/vocabularies/viewpoints.yaml" in report
    assert "entre guillemets droits" in report
    assert "3 défaut(s)" in report
    assert all(line.startswith("| ") for line in result.stdout.splitlines())
    assert not (clone / "output").exists()


def test_the_published_site_stands_below_the_path_of_its_repository(clone: Path) -> None:
    build = step("publish", "Check and build")
    address = {"VIGIE_PUBLIC_URL": "https://asso.github.io/vigie", "VIGIE_GATEWAY_URL": ""}
    result = run_step(clone, build, **address)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "::warning::" in result.stdout
    assert 'href="/vigie/initiatives/"' in (clone / "output" / "index.html").read_text()


def test_faulty_content_is_not_published(clone: Path) -> None:
    (clone / "content" / "needs" / "vide.md").write_text("")
    build = step("publish", "Check and build")
    result = run_step(clone, build, VIGIE_GATEWAY_URL="https://formulaires.example/")
    assert result.returncode == 1
    assert "::warning::" not in result.stdout
    assert not (clone / "output").exists()


# The words of the comment.

COMMENT = runpy.run_path(str(SCRIPTS / "comment.py"))
compose = COMMENT["compose"]
RUN = "https://github.com/asso/vigie/actions/runs/7"
HOSTILE = st.lists(
    st.one_of(
        st.text(),
        st.sampled_from(
            [
                *("```", "~~~~", "</code></pre>", "<!--", "-->", "<script>", "![x](//y)", "{run}"),
                *("@maire", "#1", "\n", "\r", "\n\n", "\u2028", "\x85", "\x00", "\t", "    ", "> "),
                *("- ", "1. ", "[a]: //b", "---", "\n# Titre", "\u202e", "\ud800", "&lt;", "\x1b["),
            ]
        ),
    )
).map("".join)


def drawn(markdown: str) -> tuple[list[tuple[str, str]], list[str]]:
    """What a reader of CommonMark sees: everything but code, then each block of code."""
    tokens = MarkdownIt("commonmark").parse(markdown)
    code = [token.content for token in tokens if token.type in ("code_block", "fence")]
    rest = [(t.type, t.content) for t in tokens if t.type not in ("code_block", "fence")]
    return rest, code


@given(HOSTILE)
@example("`" * 1_000_000)
@example("\n" * 1_000_000)
@example("~~~\n" * 250_000)
@example("@maire " * 150_000)
@example("</pre>\n\n@maire #1\r\rfin\x85\u2028fin")
def test_nothing_in_a_report_leaves_its_block_or_makes_the_comment_too_long(report: str) -> None:
    said = compose(passed=False, report=report, run=RUN)
    assert len(said) < 65_536
    said.encode()
    rest, code = drawn(said)
    if not code:  # nothing in it can be seen
        assert said == compose(passed=False, report="", run=RUN)
        return
    cut = COMMENT["is_long"](report)
    assert rest == drawn(compose(passed=False, report="x\n" * (100 if cut else 1), run=RUN))[0]
    assert len(code) == 1
    assert not re.search(r"@\w", code[0])
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", code[0])


def test_a_fault_is_told_as_the_check_says_it() -> None:
    line = "content/needs/a.md — title\u202f: « Quel est le besoin »\u202f: écrivez une réponse."
    _, code = drawn(compose(passed=False, report=f"{line}\n1 fiche", run=RUN))
    assert code == [f"{line}\n1 fiche\n"]


# Telling the pull request.


class GitHub(ThreadingHTTPServer):
    """The four calls that the report makes, for repository asso/vigie, with real HTTP."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.pulls: list[dict[str, Any]] = []
        self.comments: list[dict[str, Any]] = []

    def answer(self, method: str, target: str, body: Any) -> Any:
        url = urlsplit(target.removeprefix("/repos/asso/vigie/"))
        query = {name: values[-1] for name, values in parse_qs(url.query).items()}
        match method, url.path.split("/"):
            case "GET", ["pulls"]:
                assert (query["state"], query["base"]) == ("open", "main")
                return [pull for pull in self.pulls if pull["label"] == query["head"]]
            case "GET", ["issues", "5", "comments"]:
                size = int(query["per_page"])
                start = (int(query["page"]) - 1) * size
                return self.comments[start : start + size]
            case "POST", ["issues", "5", "comments"]:
                self.add("github-actions[bot]", body["body"])
                return self.comments[-1]
            case "PATCH", ["issues", "comments", id]:
                self.comments[int(id)]["body"] = body["body"]
                return self.comments[int(id)]
        raise AssertionError(target)

    def add(self, login: str, body: str) -> None:
        self.comments.append({"id": len(self.comments), "user": {"login": login}, "body": body})

    def said(self) -> list[str]:
        return [c["body"] for c in self.comments if c["user"]["login"] == "github-actions[bot]"]


class Handler(BaseHTTPRequestHandler):
    server: GitHub

    def do_GET(self) -> None:
        assert self.headers["Authorization"] == "Bearer un-jeton"
        length = int(self.headers.get("Content-Length", 0))
        body = json.loads(self.rfile.read(length)) if length else None
        answer = json.dumps(self.server.answer(self.command, self.path, body)).encode()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(answer)

    do_POST = do_PATCH = do_GET  # noqa: N815 — the standard library's names

    def log_message(self, *_: object) -> None:
        """Silence."""


@pytest.fixture
def github() -> Iterator[GitHub]:
    with GitHub() as server:
        threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
        yield server
        server.shutdown()


FORK, OURS = 22, 11
LOGINS = {FORK: "inconnue", OURS: "asso"}


def pull(repository: int, branch: str, sha: str = "a1", number: int = 5) -> dict[str, Any]:
    head = {"sha": sha, "repo": {"id": repository}}
    return {"number": number, "label": f"{LOGINS[repository]}:{branch}", "head": head}


def tell(
    github: GitHub, folder: Path, conclusion: str, branch: str = "corrige", origin: int = FORK
) -> str:
    """Run the step as it would be after the check of commit a1; returns its log."""
    source = {"id": origin, "full_name": f"{LOGINS[origin]}/vigie"}
    source["owner"] = {"login": LOGINS[origin]}
    about = {"id": 7, "head_branch": branch, "head_sha": "a1", "head_repository": source}
    event = {"workflow_run": {"conclusion": conclusion, **about}}
    event["repository"] = {"default_branch": "main"}
    (folder / "event.json").write_text(json.dumps(event))
    if not (folder / ".github").exists():
        (folder / ".github").symlink_to(ROOT / ".github")
    result = run_step(
        folder,
        step("report", "Comment"),
        GITHUB_EVENT_PATH=str(folder / "event.json"),
        GITHUB_API_URL=f"http://127.0.0.1:{github.server_port}",
        GITHUB_SERVER_URL="https://github.com",
        GITHUB_REPOSITORY="asso/vigie",
        GITHUB_TOKEN="un-jeton",
        REPORT=str(folder / "report.txt"),
        VIGIE_GATEWAY_URL="https://formulaires.example/",
        PYTHONDONTWRITEBYTECODE="1",
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_one_comment_follows_the_proposal_from_faulty_to_good(
    github: GitHub, tmp_path: Path
) -> None:
    github.pulls = [pull(OURS, "autre", number=4), pull(FORK, "corrige")]
    for number in range(120):  # more than one page of GitHub's
        github.add("inconnue", f"{COMMENT['MARK']} {number}")
    (tmp_path / "report.txt").write_text("content/needs/a.md — title : rien")
    tell(github, tmp_path, "failure")
    tell(github, tmp_path, "failure")
    (said,) = github.said()
    assert "    content/needs/a.md — title : rien\n" in said
    tell(github, tmp_path, "success")
    (said,) = github.said()
    assert "en ordre" in said
    assert RUN in said
    assert "/redaction/" not in said
    assert len({c["body"] for c in github.comments}) == 121  # nobody else's was touched


def test_a_contribution_from_a_form_is_shown_on_the_desk(github: GitHub, tmp_path: Path) -> None:
    branch = "contribution/need/un-besoin-x1y2"
    github.pulls = [pull(OURS, branch)]
    tell(github, tmp_path, "success", branch, OURS)
    assert "(https://formulaires.example/redaction/x1y2/)" in github.said()[0]


def test_a_check_that_broke_down_is_not_blamed_on_the_writer(
    github: GitHub, tmp_path: Path
) -> None:
    github.pulls = [pull(FORK, "corrige")]
    tell(github, tmp_path, "timed_out")
    assert "n’a pas pu aller jusqu’au bout" in github.said()[0]


def test_a_report_that_is_a_link_shows_nothing_of_the_machine(
    github: GitHub, tmp_path: Path
) -> None:
    github.pulls = [pull(FORK, "corrige")]
    (tmp_path / "report.txt").symlink_to(tmp_path / "event.json")
    tell(github, tmp_path, "failure")
    assert "workflow_run" not in github.said()[0]


@pytest.mark.parametrize(
    "moved", [pull(FORK, "corrige", sha="b2"), pull(OURS, "corrige"), pull(FORK, "autre")]
)
def test_nothing_is_said_on_another_proposal_or_after_a_newer_commit(
    github: GitHub, tmp_path: Path, moved: dict[str, Any]
) -> None:
    github.pulls = [moved]
    assert "nothing to say" in tell(github, tmp_path, "failure")
    assert github.comments == []
