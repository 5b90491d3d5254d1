"""What the references and commits of an embedded repository tell, read only."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pygit2

from contrib_gateway.errors import BadProposal, ForgeUnavailable
from contrib_gateway.forge import Branch, Decision, Opened, Outcome, Pending
from contrib_gateway.forge import message as messages
from contrib_gateway.forge.message import Message
from contrib_gateway.forge.tree import Changes, changed

HEADS = "refs/heads/"
MAIN = HEADS + "main"
MERGED = "refs/merged/"
DECLINED = "refs/declined/"


def main(repository: pygit2.Repository) -> pygit2.Commit:
    if found := commit_at(repository, MAIN):
        return found
    raise ForgeUnavailable("the repository has no main")


def commit_at(repository: pygit2.Repository, reference: str) -> pygit2.Commit | None:
    found = repository.references.get(reference)
    return found.peel(pygit2.Commit) if found else None


def message(commit: pygit2.Commit) -> Message:
    return Message.parse(commit.raw_message.decode("utf-8", "replace"))


def base(repository: pygit2.Repository, name: str) -> pygit2.Commit:
    """The commit of main of this name; main itself for "". Raises `BadProposal`."""
    head = main(repository)
    if name in ("", str(head.id)):
        return head
    try:
        found = repository.get(name)
    except ValueError:  # not the name of any object
        found = None
    if not isinstance(found, pygit2.Commit) or not repository.descendant_of(head.id, found.id):
        raise BadProposal(f"main never was at {name}")
    return found


def time(commit: pygit2.Commit) -> datetime:
    return datetime.fromtimestamp(commit.commit_time, UTC)


@dataclass(frozen=True)
class Tip:
    """A proposal's branch, its last commit, and the commit of main that it starts from."""

    branch: Branch
    head: pygit2.Commit
    base: pygit2.Commit

    @property
    def landed(self) -> bool:
        """Whether main contains it."""
        return self.base.id == self.head.id


def decision(repository: pygit2.Repository, id: str, tip: Tip | None) -> Decision | None:
    """What became of the proposal `id`, whose branch is `tip` if it still exists."""
    if known := recorded(repository, id):
        return known
    if tip is None:
        landed = mentioning(repository, id)
    else:
        landed = landing(repository, tip.head) if tip.landed else None
    return merged(landed) if landed else None


def recorded(repository: pygit2.Repository, id: str) -> Decision | None:
    """The decision that a reference of its own records."""
    if commit := commit_at(repository, DECLINED + id):
        return declined(commit)
    if commit := commit_at(repository, MERGED + id):
        return merged(commit)
    return None


def merged(commit: pygit2.Commit) -> Decision:
    """The decision that a commit of main was; made by hand, it is its author's."""
    by = message(commit).trailers.get(messages.MERGED_BY) or commit.author.name
    return Decision(Outcome.MERGED, by, "", time(commit), str(commit.id))


def declined(commit: pygit2.Commit) -> Decision:
    said = message(commit)
    by = said.trailers.get(messages.DECLINED_BY) or commit.author.name
    return Decision(Outcome.DECLINED, by, said.text, time(commit), str(commit.id))


def landing(repository: pygit2.Repository, commit: pygit2.Commit) -> pygit2.Commit:
    """The commit that brought `commit` to main, which contains it."""

    def contains(later: pygit2.Commit) -> bool:
        return later.id == commit.id or repository.descendant_of(later.id, commit.id)

    here = main(repository)
    while here.parents and contains(here.parents[0]):
        here = here.parents[0]
    return here


def mentioning(repository: pygit2.Repository, id: str) -> pygit2.Commit | None:
    """The commit that brought to main one whose trailer names `id`. Reads the whole history."""
    for commit in repository.walk(main(repository).id):
        if message(commit).trailers.get(messages.SUBMISSION) == id:
            return landing(repository, commit)
    return None


def undoing(repository: pygit2.Repository, id: str) -> pygit2.Commit | None:
    """The commit of main that took back what the proposal `id` had brought."""
    walker = repository.walk(main(repository).id)
    walker.simplify_first_parent()
    for commit in walker:
        trailers = message(commit).trailers
        if trailers.get(messages.SUBMISSION) == id:
            return commit if messages.DECLINED_BY in trailers else None
    return None


def last_undone(repository: pygit2.Repository) -> tuple[str, pygit2.Commit] | None:
    """The proposal that the last decision on main took back, with that commit, if no reference
    records it. Whoever decides after a kill has looked here first.
    """
    walker = repository.walk(main(repository).id)
    walker.simplify_first_parent()
    for commit in walker:
        trailers = message(commit).trailers
        id = trailers.get(messages.SUBMISSION, "")
        if id.isascii() and id.isalnum():  # whoever pushes to main may write anything there
            undoes = messages.DECLINED_BY in trailers and commit_at(repository, MERGED + id)
            is_new = undoes and not commit_at(repository, DECLINED + id)
            return (id, commit) if is_new else None
    return None


def proposed(tip: Tip) -> pygit2.Commit:
    """Our own commit on a branch to which other people may have pushed more."""
    here = tip.head
    while message(here).trailers.get(messages.SUBMISSION) != tip.branch.id:
        if not here.parents or here.parents[0].id == tip.base.id:
            return tip.head
        here = here.parents[0]
    return here


def changes(tip: Tip) -> Changes:
    return changed(tip.base.tree, tip.head.tree)


def pending(tip: Tip) -> Pending:
    ours = proposed(tip)
    title = message(ours).subject.removeprefix(f"{tip.branch.type}: ")
    return Pending(tip.branch.id, str(tip.branch), str(tip.head.id), title, time(ours))


def opened(repository: pygit2.Repository, tip: Tip) -> Opened:
    return Opened(
        **vars(pending(tip)),
        base=str(tip.base.id),
        files={
            path: None if blob is None else data(repository, blob)
            for path, blob in changes(tip).items()
        },
        signed_as=message(proposed(tip)).trailers.get(messages.PROPOSED_BY, ""),
    )


def data(repository: pygit2.Repository, blob: pygit2.Oid) -> bytes:
    return repository[blob].peel(pygit2.Blob).data
