"""Pages from documents: the same for the published site and for the gateway's previews.

Pure: a page depends on its document, the Index, the site's addresses and the day of the build.
"""

from plugins.render.changes import Change, changes
from plugins.render.comparison import Pair, paired
from plugins.render.facts import contacts
from plugins.render.feeds import atom
from plugins.render.listing import Facet, Listing, facet_of, feed_path, listings
from plugins.render.opendata import data
from plugins.render.pages import digest, document_page, home_page, list_page
from plugins.render.plain import plain
from plugins.render.prose import markdown_html
from plugins.render.sentences import sentence
from plugins.render.site import LANGUAGES, Site
from plugins.render.theme import Theme

__all__ = [
    "LANGUAGES",
    "Change",
    "Facet",
    "Listing",
    "Pair",
    "Site",
    "Theme",
    "atom",
    "changes",
    "contacts",
    "data",
    "digest",
    "document_page",
    "facet_of",
    "feed_path",
    "home_page",
    "list_page",
    "listings",
    "markdown_html",
    "paired",
    "plain",
    "sentence",
]
