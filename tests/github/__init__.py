"""A GitHub of our own, on loopback, over a real bare git repository.

It answers the part of GitHub's REST API that the gateway uses, ugly details included (a pull
request's `mergeable` is null when first asked for, `merge_commit_sha` is a test merge while it is
open, `head=` without its owner does not filter, lists go on under /repositories/<id>…):

    from tests.github import Fault, GitHub, Kind
    from tests.github.checking import checked

    with checked(folder / "github.git", seed=content) as github:  # a GitHub, checked at the end
        session = github3.GitHubEnterprise(github.url, token=github.token)
        # or VIGIE_GITHUB_URL=github.url for `vigie serve`; it is safe for many clients at once

        github.comment(1, "nadia", "Et le lieu ?")         # people on github.com
        github.review(1, "nadia", "", "APPROVED", association="MEMBER")
        github.close(2, "nadia")
        github.merge_as(3, "nadia", "Nadia Roy")           # the green button
        github.open_pull("stranger", "idea", "Publish me", fork_commit=sha)  # from a fork
        git("push", str(github.repository), "HEAD:main")   # and with git, at any time

        late = github.faults.plan(Fault(Kind.LATE, call="create_pull"))
        ...                                                # done, and the answer held
        late.wait_struck()
        late.release()
        github.faults.plan(Fault(Kind.SECONDARY, method="POST", nth=3, times=2))
        with github.away():                                # connections are refused
            ...

        github.webhook = ("http://127.0.0.1:8000/webhooks/github", "secret")
        github.hooks.wait()                                # until all events were delivered
        github.redeliver()                                 # the last one again

        github.state.tree_limit = 3                        # a tree is truncated; file_limit too

        assert github.creating < 8                         # POST, PATCH, PUT, DELETE
        assert ("POST", "/repos/vigie/territoire/pulls", 201) in github.calls

With `app=App(id, public_key, installation)` it accepts a GitHub App's tokens. What either side
says that GitHub's own description does not know is in `github.violations`, which `checked`
asserts to be empty; without that description (`make description` fetches it from npm) only what
the server itself does not know is there. A call's short name, for faults, is the name of its
function in `tests/github/routes/`; `find_pull` is a list of pull requests with `head=`.

As a process of its own: `python -m tests.github --repository DIR --seed content --port 9000
--latency 0.3 --no-validation`.
"""

from tests.github.access import App
from tests.github.exchange import Refused
from tests.github.faults import Fault, Kind
from tests.github.server import GitHub

__all__ = ["App", "Fault", "GitHub", "Kind", "Refused"]
