"""Pelican's settings. What the site says of itself is in content/site.yaml, not here."""

import logging
import os

from pelican.log import FatalLogger

# Pelican logs a fault and goes on; here any error stops the build with exit status 1.
FatalLogger.fatal_lvl = logging.ERROR

PATH = "content"
OUTPUT_PATH = "output"
THEME = "theme"
PLUGINS = ["plugins.reader", "plugins.publisher"]
TIMEZONE = "Europe/Paris"
DEFAULT_LANG = "fr"

SITENAME = "Vigie"
SITEURL = os.environ.get("VIGIE_PUBLIC_URL", "http://127.0.0.1:8000/").rstrip("/")
# Whether the files are made in which a browser searches (Pagefind).
SEARCH = os.environ.get("VIGIE_SEARCH", "on") != "off"
GATEWAY_URL = os.environ.get("VIGIE_GATEWAY_URL", SITEURL)

# Our own generator publishes every type from its YAML; Pelican's articles and pages stay empty.
ARTICLE_PATHS: list[str] = []
PAGE_PATHS: list[str] = []
STATIC_PATHS = ["images"]
DIRECT_TEMPLATES: list[str] = []
FEED_ALL_ATOM = CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = None
AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = None
