"""The headers of pages whose address is a secret, or whose content is nobody else's."""

from werkzeug.wrappers import Response


def private(response: Response) -> Response:
    """Kept by nobody, found by no search, and told to no other site."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
