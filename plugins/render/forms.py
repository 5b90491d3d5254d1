"""What the form templates need to know of a type: groups of questions, and the choices offered."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from plugins.render.words import words
from plugins.schema import ANY, ContentType, Field, Index, Schema, Vocabulary


class Bound(Protocol):
    """One field of a form, with what was typed."""

    @property
    def data(self) -> object: ...


class Form(Protocol):
    """Whatever says which fields are asked and what was typed: a WTForms form does."""

    def __contains__(self, name: str, /) -> bool: ...
    def __getitem__(self, name: str, /) -> Bound: ...


@dataclass(frozen=True, slots=True)
class FormSection:
    """One group of questions; `folded` ones open by a click, or when something is in them."""

    key: str
    label: str
    fields: tuple[Field, ...]
    body: bool
    folded: bool

    @property
    def size(self) -> int:
        return len(self.fields) + self.body

    @property
    def required(self) -> bool:
        return any(field.required for field in self.fields)

    def filled(self, form: Form) -> bool:
        """Whether something stands here already."""
        names = [field.name for field in self.fields] + ["body"] * self.body
        return any(_has_words(form[name].data) for name in names)

    def touched(self, names: Mapping[str, object]) -> bool:
        """Whether one of these names (of fields, "place.territory" included) is asked here."""
        own = {field.name for field in self.fields} | ({"body"} if self.body else set())
        return any(name.partition(".")[0] in own for name in names)


def _has_words(data: object) -> bool:
    """Whether typed data, composed or not, holds anything; an entry's own id is not typed."""
    if isinstance(data, Mapping):
        return any(_has_words(value) for name, value in data.items() if name != "id")
    if isinstance(data, list | tuple):
        return any(_has_words(value) for value in data)
    return data not in (None, "", False)


def form_sections(
    content_type: ContentType, form: Form, lang: str, without: Collection[str] = ()
) -> tuple[FormSection, ...]:
    """The fields of `form` by the type's sections: the first open, the others folded.

    Fields that belong to no section (those every form has, such as `contact`) come last, open;
    those named in `without` are not asked.
    """
    known = (f for f in content_type.fields.values() if f.name not in without)
    asked = [f for f in known if not f.managed and f.name in form]
    body = content_type.body if "body" in form else None
    built = []
    for number, (key, label) in enumerate(content_type.sections.items()):
        fields = tuple(f for f in asked if f.section == key)
        here = body is not None and body.section == key
        if fields or here:
            built.append(FormSection(key, label.get(lang), fields, here, number > 0))
    rest = tuple(f for f in asked if f.section not in content_type.sections)
    loose = body is not None and body.section not in content_type.sections
    if content_type.sections and (rest or loose):
        return (*built, FormSection("", "", rest, loose, False))
    own = tuple(f for f in rest if not f.private)
    private = tuple(f for f in rest if f.private)
    groups = (FormSection("", "", own, loose, False), FormSection("_", "", private, False, False))
    return (*built, *(group for group in groups if group.fields or group.body))


def anchor(name: str) -> str:
    """The HTML id (and input name) of a field: "place.territory" → "place-territory"."""
    return name.replace(".", "-")


@dataclass(frozen=True, slots=True)
class Option:
    """One answer offered: what is sent, what is read; `search`: the words it is found by."""

    value: str
    label: str
    hint: str = ""
    mark: str = ""
    search: str = ""


def options(field: Field, index: Index, lang: str) -> tuple[Option, ...]:
    """The answers a field offers: terms, territories, documents, yes and no; else none."""
    kind = field.kind
    if kind.name == "boolean":
        speech = words(lang)
        return (Option("true", speech.gettext("Yes")), Option("false", speech.gettext("No")))
    if kind.name == "references":
        names: tuple[str, ...] = getattr(kind, "to", ())
        if getattr(kind, "parts", False):
            parts = (part for name in names for part in index.parts(name))
            return tuple(Option(p.ref, f"{p.title} – {p.document.title}") for p in parts)
        return tuple(Option(d.ref, d.title) for name in names for d in index.of(name))
    vocabulary = index.vocabularies.get(getattr(kind, "vocabulary", ""))
    if vocabulary is None:
        return ()
    if kind.name == "place":
        return _territories(vocabulary, lang)
    return tuple(
        Option(key, term.label.get(lang), term.hint.get(lang), term.mark)
        for key, term in vocabulary.terms.items()
    )


def _territories(vocabulary: Vocabulary, lang: str) -> tuple[Option, ...]:
    """Each quarter after its commune, named with it and found by its postal codes too."""
    found = []
    for key, term in vocabulary.terms.items():
        if term.within:
            continue
        names = {key: term.label.get(lang)}
        for inner, quarter in vocabulary.terms.items():
            if quarter.within == key:
                names[inner] = f"{names[key]} \u2013 {quarter.label.get(lang)}"
        for inner, label in names.items():
            codes = vocabulary.terms[inner].postal or term.postal
            found.append(Option(inner, label, search=" ".join((label, *codes))))
    return tuple(found)


def row_title(field: Field, row: Form) -> str:
    """What a row of an items field is called: the first words that stand in it."""
    inner: Mapping[str, Field] = getattr(field.kind, "fields", {})
    texts = (name for name, one in inner.items() if one.kind.name in ("text", "paragraph"))
    said = (str(row[name].data or "").strip() for name in texts if name in row)
    return next(filter(None, said), "")


def row_is_open(field: Field, row: Form, problems: Iterable[str], path: str) -> bool:
    """Whether a row is not folded: it is new, or something in it needs another look."""
    return not row_title(field, row) or any(name.startswith(f"{path}.") for name in problems)


def when_words(field: Field, content_type: ContentType, schema: Schema, lang: str) -> str:
    """When a `when` question is to be answered, for browsers that cannot hide it."""
    speech = words(lang)
    conditions = []
    for name, values in field.when.items():
        other = content_type.fields[name]
        label = other.label.get(lang).rstrip(" ?\u202f")
        if values == (ANY,):
            template = speech.gettext("if you answered “%(question)s”")
            conditions.append(template % {"question": label})
            continue
        vocabulary = schema.vocabularies.get(getattr(other.kind, "vocabulary", ""))
        terms = vocabulary.terms if vocabulary else {}
        named = [terms[v].label.get(lang) if v in terms else v for v in values]
        answers = speech.gettext(" or ").join(f"“{answer}”" for answer in named)
        template = speech.gettext("if the answer to “%(question)s” is %(answers)s")
        conditions.append(template % {"question": label, "answers": answers})
    said = speech.gettext(" and ").join(conditions)
    said = speech.gettext("To be answered only %(conditions)s.") % {"conditions": said}
    return said.replace("“", "«\u202f").replace("”", "\u202f»") if lang == "fr" else said
