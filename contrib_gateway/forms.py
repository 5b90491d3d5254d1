"""Web forms of the content types: WTForms reads them, the schema judges, the theme shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    FormField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.form import BaseForm

from contrib_gateway.rows import Pressed, Rows, has_words
from plugins.schema import (
    Audience,
    ContentType,
    Document,
    Field,
    Index,
    Problem,
    Value,
    validate,
)

BODY = "body"
PUBLIC = Audience.PUBLIC
ADD, ROW = "_add", "_row"  # the buttons of an items field: one more row; what one of them does
REMOVE, UPLOAD = "remove", "upload"  # of a picture, beside what is kept of it
EVERY_ROW = 100  # rows an items field reads at most, whatever keys a stranger makes up


@dataclass(frozen=True)
class Answers:
    """What somebody answered, parsed: public data, body, and what stays private."""

    data: Mapping[str, Value]
    body: str
    private: Mapping[str, Value]


class DocumentForm:
    """The form of one type for one audience.

    `form[name]` is a WTForms field; answers come out with `answers()`, which keeps only what this
    audience is asked and, of conditional fields, only those whose condition holds.
    """

    def __init__(
        self, content_type: ContentType, index: Index, audience: Audience = Audience.PUBLIC
    ) -> None:
        self.type = content_type
        self.index = index
        self.audience = audience
        # What is told in private is between whoever told it and the database.
        shown = (
            f for f in content_type.form_fields(audience) if audience is PUBLIC or not f.private
        )
        self.asked = tuple(f for f in shown if is_askable(f))
        fields = {field.name: MAKERS[field.kind.name](field) for field in self.asked}
        if content_type.body:
            fields[BODY] = TextAreaField()
        self._form = BaseForm(fields)
        self._form.process()

    def __contains__(self, name: str) -> bool:
        return name in self._form

    def __getitem__(self, name: str) -> Any:
        return self._form[name]

    def fill(self, sent: MultiDict[str, str]) -> None:
        """Take what was typed, as it was typed; rows left empty go away, but for one.

        The rows shown are then those judged: a fault stands beside the row it is about.
        """
        self._form.process(sent)
        for field in self._form:
            if isinstance(field, Rows):
                field.drop_empty()

    def show(self, document: Document, private: Mapping[str, Value]) -> None:
        """Fill it in with what a document says, and what was told in private."""
        self._form.process(data={**document.data, BODY: document.body, **private})

    def arrange(self, sent: Mapping[str, str]) -> bool:
        """Do what a button of an items field asks for, and say whether one was pressed: one more
        empty row, unless there are enough; or a row moved or removed.
        """
        name, pressed = sent.get(ADD, ""), Pressed.read(sent.get(ROW, ""))
        if rows := self._rows(name):
            if len(rows.entries) < EVERY_ROW:
                rows.append_entry()
        elif pressed and (rows := self._rows(pressed.name)):
            rows.arrange(pressed.number, pressed.act)
        return bool(name or sent.get(ROW))

    def _rows(self, name: str) -> Rows | None:
        return self[name] if name in self and isinstance(self[name], Rows) else None

    def answers(self) -> Answers:
        raw = {field.name: _raw(self._form[field.name]) for field in self.asked}
        data = only_asked(self.type, self.type.parse(raw))
        body = self.type.body.kind.parse(self._form[BODY].data or "") if self.type.body else ""
        private = {name for name in data if self.type.fields[name].private}
        return Answers(
            data={name: value for name, value in data.items() if name not in private},
            body=body,
            private={name: data[name] for name in private},
        )

    def problems(self, answers: Answers) -> list[Problem]:
        everything = {**answers.data, **answers.private}
        return validate(self.type, everything, answers.body, self.index, self.audience)


def _raw(field: Any) -> Value:
    """What WTForms read, without rows that hold nothing but their id."""
    if isinstance(field, Rows):
        return [_raw(entry) for entry in field if has_words(entry.data)]
    if isinstance(field, FormField):
        parts = {sub.name.rpartition("-")[2]: _raw(sub) for sub in field}
        return _picture(parts) if REMOVE in parts else parts
    return field.data


def _picture(parts: Mapping[str, Value]) -> Value:
    """A picture's words without a picture are nothing, unless they ask for one to be there."""
    if parts[REMOVE]:
        return {}
    return {name: value for name, value in parts.items() if name not in (REMOVE, UPLOAD)}


def only_asked(content_type: ContentType, data: dict[str, Value]) -> dict[str, Value]:
    """Without answers to questions that the other answers make meaningless."""
    kept = {name: value for name, value in data.items() if content_type.fields[name].asked(data)}
    return kept if len(kept) == len(data) else only_asked(content_type, kept)


def _line(_: Field) -> Any:
    return StringField()


def _area(_: Field) -> Any:
    return TextAreaField()


def _one(_: Field) -> Any:
    return SelectField(choices=[], coerce=_text, validate_choice=False)


def _many(_: Field) -> Any:
    return SelectMultipleField(choices=[], coerce=_text, validate_choice=False)


def _place(field: Field) -> Any:
    parts = {"territory": _one(field)}
    if getattr(field.kind, "street", False):
        parts["street"] = StringField()
    return FormField(_subform(parts))


def _image(_: Field) -> Any:
    parts = {"file": StringField(), "alt": StringField(), "credit": StringField()}
    return FormField(_subform(parts | {REMOVE: BooleanField(), UPLOAD: StringField()}))


def _items(field: Field) -> Any:
    inner: Mapping[str, Field] = getattr(field.kind, "fields", {})
    # A picture in a row could not be told from the row's own answers by its name.
    asked = [sub for sub in inner.values() if is_askable(sub) and sub.kind.name != "image"]
    parts = {sub.name: MAKERS[sub.kind.name](sub) for sub in asked}
    row = FormField(_subform({"id": StringField(), **parts}))
    return Rows(row, min_entries=1, max_entries=EVERY_ROW)


MAKERS: Mapping[str, Callable[[Field], Any]] = {
    **dict.fromkeys(("text", "url", "email", "phone", "integer", "date"), _line),
    **dict.fromkeys(("paragraph", "markdown", "hours"), _area),
    **dict.fromkeys(("choice", "boolean"), _one),
    **dict.fromkeys(("choices", "references"), _many),
    "place": _place,
    "image": _image,
    "items": _items,
}
"""What reads each kind."""


def is_askable(field: Field) -> bool:
    return field.kind.name in MAKERS


def _subform(fields: Mapping[str, Any]) -> Callable[..., BaseForm]:
    """What FormField calls to make the form inside it."""

    def build(
        formdata: Any = None, obj: Any = None, prefix: str = "", meta: Any = None, **data: Any
    ) -> BaseForm:
        form = BaseForm(fields, prefix=prefix)
        form.process(formdata, obj, data=data)
        return form

    return build


def _text(value: object) -> str:
    """WTForms compares choices as text; a stored true is "true"."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def picture_fields(content_type: ContentType) -> tuple[str, ...]:
    """The names of the questions that ask for a picture."""
    return tuple(f.name for f in content_type.fields.values() if f.kind.name == "image")


def hidden_inputs(sent: MultiDict[str, str]) -> list[tuple[str, str]]:
    """Everything that was typed, to be carried through the page to review."""
    return [(key, value) for key, value in sent.items(multi=True) if not key.startswith("_")]
