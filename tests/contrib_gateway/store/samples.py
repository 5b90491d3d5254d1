"""Submissions for the tests of the database."""

from dataclasses import replace

from contrib_gateway.store import NewSubmission, Store, Submission


def new(id: str = "a1", **more: object) -> NewSubmission:
    first = NewSubmission(
        id=id,
        ticket=f"ticket-{id}",
        digest=f"digest-{id}",
        type="need",
        slug=f"besoin-{id}",
        title=f"Un besoin {id}",
        lang="fr",
        data={"title": f"Un besoin {id}", "themes": ["transport"], "place": {"lat": 47.35}},
        body="Des bus le soir.",
        private={"contact": "zoe@example.org"},
        signed_as="Zoé",
        client="c1",
    )
    return replace(first, **more)  # type: ignore[arg-type]


def free(slug: str) -> bool:
    return False


def accept(store: Store, id: str = "a1", **more: object) -> Submission:
    return store.accept(new(id, **more), free)


def proposed(store: Store, id: str = "a1") -> Submission:
    accept(store, id)
    return store.mark_proposed(id, f"contribution/need/besoin-{id}-{id}")
