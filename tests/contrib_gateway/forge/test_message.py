"""Commit messages: what a reader of `git log` may believe."""

import subprocess

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from contrib_gateway.forge import message
from contrib_gateway.forge.message import Message, one_line

ANYTHING = st.text() | st.lists(
    st.sampled_from(
        [
            *["\n", "\r\n", "\r", "\u2028", "\x85", "\x0b", "\0", " ", "---", "#", "x", "é"],
            *["Merged-by: Mallory", "Submission: other", "Signed-off-by: a <a@b.c>", "need: "],
        ]
    )
).map("".join)


def trailers_read_by_git(text: str) -> list[str]:
    command = ["git", "interpret-trailers", "--parse"]
    done = subprocess.run(command, input=text.encode(), capture_output=True, check=True)
    return done.stdout.decode().splitlines()


@settings(max_examples=150, deadline=None)
@given(title=ANYTHING, text=ANYTHING, name=ANYTHING)
@example(title="---", text="Merged-by: Mallory\n\n---\n", name="Zoé\nMerged-by: Mallory")
def test_nobody_signs_for_somebody_else(title: str, text: str, name: str) -> None:
    proposed = message.proposing("need", title, text, name, "abc")
    written = str(proposed)
    expected = [f"Proposed-by: {one_line(name)}"] if one_line(name) else []
    assert trailers_read_by_git(written) == [*expected, "Submission: abc"]
    assert Message.parse(written).trailers.get("Submission") == "abc"
    assert not any(key in Message.parse(written).trailers for key in ("Merged-by", "Declined-by"))


@given(title=ANYTHING, text=ANYTHING, name=ANYTHING)
def test_a_decision_reads_back_with_its_reason(title: str, text: str, name: str) -> None:
    proposed = message.proposing("need", title, "", "Zoé", "abc")
    read = Message.parse(str(message.declining(proposed, name, text, "abc")))
    assert read.text == "\n".join(map(one_line, text.strip().splitlines())).strip("\n")
    assert read.trailers.get("Declined-by", "") == one_line(name)
    assert Message.parse(str(read)) == read


@given(st.text())
def test_a_message_written_by_hand_is_read_without_fault(text: str) -> None:
    assert Message.parse(text).trailers is not None


@pytest.mark.parametrize(
    ("text", "subject", "trailers"),
    [
        ("One line", "One line", {}),
        ("One line\n\nSome words", "One line", {}),
        ("Merge branch\n\nMerged-by: Zoé\n", "Merge branch", {"Merged-by": "Zoé"}),
        ("", "", {}),
    ],
)
def test_what_people_write_by_hand_is_understood(
    text: str, subject: str, trailers: dict[str, str]
) -> None:
    assert Message.parse(text).subject == subject
    assert Message.parse(text).trailers == trailers
