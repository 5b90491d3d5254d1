"""Whole contents for property tests: a few documents of every type that refer to one another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from plugins.check import Content, check
from plugins.schema import Document, Index, Problem, Rewriting, read_document
from plugins.schema.kinds import Items, Markdown
from plugins.schema.vocabulary_text import read_vocabulary
from tests.plugins.schema import changes

FOLDER = Path(__file__).resolve().parents[3] / "content"
IMAGES = frozenset({"a.webp", "a.jpg"})


def vocabulary_text(name: str) -> str:
    return (FOLDER / "vocabularies" / f"{name}.yaml").read_text("utf-8")


def linked(site: changes.Site) -> st.SearchStrategy[str]:
    """Words with links to documents of the site, and to other places."""
    some = sorted(d.ref for d in site.index.documents)
    link = st.sampled_from(some).map(lambda ref: f"[celui-ci]({ref})")
    other = st.sampled_from(["On y va", "[**là**](https://exemple.fr/)", "à *deux*", "`x`"])
    return st.lists(link | other, min_size=1, max_size=5).map(" ou ".join)


@st.composite
def contents(draw: st.DrawFn, site: changes.Site) -> Index:
    """Good documents of three types, which may refer to each other and to stubs of all types."""
    chosen = st.lists(st.sampled_from(sorted(site.schema.types)), min_size=3, max_size=3)
    drawn = {}
    for name in draw(chosen):
        content_type = site.schema.types[name]
        document = draw(changes.documents(site, content_type, sorted(content_type.fields)))
        slug = draw(st.sampled_from(site.names))
        data = {
            key: _with_links(draw, site, content_type.fields[key].kind, value)
            for key, value in document.data.items()
            if not content_type.fields[key].private and key != "aliases"
        }
        body = draw(linked(site)) if document.body and draw(st.booleans()) else document.body
        found = replace(document, slug=slug, data={**data, "id": f"{name}{slug}"[:40]}, body=body)
        drawn[found.ref] = found
    return site.index.replacing(*drawn.values())


def _with_links(draw: st.DrawFn, site: changes.Site, kind: Any, value: Any) -> Any:
    if isinstance(kind, Items):
        return [
            {k: _with_links(draw, site, kind.fields.get(k), entry) for k, entry in row.items()}
            for row in value
        ]
    return draw(linked(site)) if isinstance(kind, Markdown) else value


def applied(index: Index, rewriting: Rewriting) -> Index:
    """The content after its files were written, and read again."""
    files = rewriting.files
    vocabularies = dict(index.vocabularies)
    for path, text in rewriting.vocabularies.items():
        name = Path(path).stem
        vocabularies[name] = read_vocabulary(name, text)
    schema = replace(index.schema, vocabularies=vocabularies)
    documents = [document for document in index.documents if document.path not in files]
    for path, text in files.items():
        if text is not None and path not in rewriting.vocabularies:
            found = read_document(schema, path, text.encode())
            assert isinstance(found, Document), found
            documents.append(found)
    return Index(schema, documents)


def new_faults(
    before: Index, after: Index, moved: Mapping[str, str] | None = None
) -> list[Problem]:
    """What the check of all documents finds afterwards and did not find before."""
    known = [
        replace(fault, path=(moved or {}).get(fault.path, fault.path))
        for fault in check(Content(before, IMAGES))
    ]
    return [fault for fault in check(Content(after, IMAGES)) if fault not in known]


def ordered(problems: Any) -> list[Problem]:
    return sorted(problems, key=repr)
