"""Pages from documents: the same for the published site and for the gateway's previews.

Pure: a page depends on its document, the Index, the site's addresses and the day of the build.
"""

from plugins.render.changes import Change, changes
from plugins.render.channels import Channel, channel, parts_channel
from plugins.render.comparison import Pair, paired
from plugins.render.facts import contacts
from plugins.render.feeds import atom, json_feed
from plugins.render.listing import Facet, Listing, facet_of, facets_of, feed_stem, listings
from plugins.render.opendata.records import data
from plugins.render.pages import digest, document_page, home_page, list_page
from plugins.render.plain import plain
from plugins.render.prose import markdown_html
from plugins.render.sentences import sentence
from plugins.render.site import LANGUAGES, Site
from plugins.render.theme import Theme

__all__ = [
    "LANGUAGES",
    "Change",
    "Channel",
    "Facet",
    "Listing",
    "Pair",
    "Site",
    "Theme",
    "atom",
    "changes",
    "channel",
    "contacts",
    "data",
    "digest",
    "document_page",
    "facet_of",
    "facets_of",
    "feed_stem",
    "home_page",
    "json_feed",
    "list_page",
    "listings",
    "markdown_html",
    "paired",
    "parts_channel",
    "plain",
    "sentence",
]
