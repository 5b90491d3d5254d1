"""The pure core: what a document is; read, written, checked, merged. No Pelican, no Flask."""

from plugins.schema.derived import derived
from plugins.schema.distance import distance
from plugins.schema.documents import Document, FrontMatterError, normal_body, read, write
from plugins.schema.freshness import (
    Freshness,
    confirmed,
    confirmed_on,
    freshness,
    overdue,
    withhold,
)
from plugins.schema.hours import (
    WEEK,
    Hours,
    Rule,
    days_text,
    read_hours,
    runs,
)
from plugins.schema.index import Index
from plugins.schema.intervals import Intervals
from plugins.schema.kind import ANY, Clash, Field, Kind, Value, is_empty
from plugins.schema.kinds import first_day
from plugins.schema.labels import Label
from plugins.schema.merge import Merged, merge
from plugins.schema.mergers import brought_together, merger_faults
from plugins.schema.outlines import Line, Outlines, Position
from plugins.schema.parts import Part, Readable, parts_of, whole
from plugins.schema.personal import Personal, Spot, personal
from plugins.schema.problems import Problem, SchemaError
from plugins.schema.rewriting import Rewriting, renamed, shortened, unpublished
from plugins.schema.schema import Schema, SiteText, is_schema_file, load_schema, parse_schema
from plugins.schema.slugs import is_slug, new_id, slugify
from plugins.schema.spoken_hours import is_remark
from plugins.schema.terminology import (
    has_places,
    term_added,
    term_rekeyed,
    term_removed,
    term_renamed,
    terms_merged,
)
from plugins.schema.tree import load_documents, read_document
from plugins.schema.types import Audience, Body, ContentType
from plugins.schema.uses import choosing, count_uses, former_keys, in_current_terms, uses_of
from plugins.schema.validation import validate
from plugins.schema.vocabularies import Term, Vocabulary
from plugins.schema.vocabulary_text import vocabulary_path

__all__ = [
    "Line",
    "Outlines",
    "Position",
    "ANY",
    "Audience",
    "Body",
    "Clash",
    "ContentType",
    "Document",
    "Field",
    "Freshness",
    "FrontMatterError",
    "Hours",
    "Index",
    "derived",
    "Intervals",
    "Kind",
    "Label",
    "Merged",
    "Part",
    "Personal",
    "Problem",
    "Readable",
    "Rewriting",
    "Rule",
    "Schema",
    "SchemaError",
    "SiteText",
    "Spot",
    "Term",
    "Value",
    "Vocabulary",
    "WEEK",
    "brought_together",
    "choosing",
    "confirmed",
    "confirmed_on",
    "count_uses",
    "distance",
    "days_text",
    "first_day",
    "former_keys",
    "freshness",
    "has_places",
    "in_current_terms",
    "is_empty",
    "is_remark",
    "is_schema_file",
    "is_slug",
    "load_documents",
    "load_schema",
    "merge",
    "merger_faults",
    "new_id",
    "normal_body",
    "overdue",
    "parse_schema",
    "parts_of",
    "personal",
    "read",
    "read_document",
    "read_hours",
    "renamed",
    "runs",
    "shortened",
    "slugify",
    "term_added",
    "term_rekeyed",
    "term_removed",
    "term_renamed",
    "terms_merged",
    "unpublished",
    "uses_of",
    "validate",
    "vocabulary_path",
    "whole",
    "withhold",
    "write",
]
