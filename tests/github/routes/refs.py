"""References: branches, mostly."""

from __future__ import annotations

from tests.github.exchange import Answer, Call, Refused, invalid, not_found
from tests.github.objects import git
from tests.github.reconcile import follow
from tests.github.routes.site import REPOSITORY, Route, Site

HEADS = "refs/heads/"


def get_ref(site: Site, call: Call) -> Answer:
    name = f"refs/{call.parts['ref']}"
    target = site.state.repository.reference(name)
    if target is None:
        raise not_found()
    return Answer(200, git.reference(site.links, site.state.repository, name, target))


def list_matching_refs(site: Site, call: Call) -> Answer:
    repository = site.state.repository
    found = repository.references(f"refs/{call.parts['ref']}")
    return Answer(200, [git.reference(site.links, repository, *each) for each in found])


def create_ref(site: Site, call: Call) -> Answer:
    name, sha = call.data["ref"], call.data["sha"]
    repository = site.state.repository
    if not name.startswith("refs/") or name.count("/") < 2:
        raise Refused(
            422, "Reference name must start with 'refs/' and contain at least two slashes"
        )
    if repository.get(sha) is None:
        raise Refused(422, "Object does not exist")
    if repository.reference(name):
        raise Refused(422, "Reference already exists")
    _write(site, call, name, sha)
    return Answer(201, git.reference(site.links, repository, name, sha))


def update_ref(site: Site, call: Call) -> Answer:
    name, sha = f"refs/{call.parts['ref']}", call.data["sha"]
    repository = site.state.repository
    old = repository.reference(name)
    if old is None:
        raise Refused(422, "Reference does not exist")
    if repository.commit(sha) is None:
        raise Refused(422, "Object does not exist")
    if not call.data.get("force") and not repository.is_ancestor(old, sha):
        raise Refused(422, "Update is not a fast forward")
    _write(site, call, name, sha)
    return Answer(200, git.reference(site.links, repository, name, sha))


def _write(site: Site, call: Call, name: str, sha: str) -> None:
    """A branch's name may not be the beginning of another's: git keeps them as files."""
    repository, sender = site.state.repository, call.user
    old = repository.reference(name)
    try:
        repository.write_reference(name, sha)
    except (ValueError, OSError, repository.Fault) as error:
        raise Refused(422, f"Reference {name} could not be written") from error
    if name.startswith(HEADS) and old != sha:
        follow(site.state, {name.removeprefix(HEADS): (old, sha)}, sender)


def delete_ref(site: Site, call: Call) -> Answer:
    name = f"refs/{call.parts['ref']}"
    old = site.state.repository.reference(name)
    if old is None:
        raise Refused(422, "Reference does not exist")
    if name == "refs/heads/main":
        raise Refused(422, "Cannot delete the default branch")
    if name.startswith("refs/pull/"):
        raise invalid("Reference", "invalid", "ref")
    site.state.repository.delete_reference(name)
    if name.startswith(HEADS):
        follow(site.state, {name.removeprefix(HEADS): (old, None)}, call.user)
    return Answer(204)


ROUTES = (
    Route("GET", f"{REPOSITORY}/git/ref/{{ref}}", get_ref),
    Route("GET", f"{REPOSITORY}/git/matching-refs/{{ref}}", list_matching_refs),
    Route("POST", f"{REPOSITORY}/git/refs", create_ref),
    Route("PATCH", f"{REPOSITORY}/git/refs/{{ref}}", update_ref),
    Route("DELETE", f"{REPOSITORY}/git/refs/{{ref}}", delete_ref),
)
