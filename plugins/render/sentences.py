"""What to say of each Problem: what is wrong, and what to do now."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from plugins.render.typography import typeset
from plugins.render.words import N_, words
from plugins.schema import ContentType, Label, Problem

SENTENCES: Mapping[str, str] = MappingProxyType(
    {
        "required": N_("an answer is needed here."),
        "required_choice": N_("choose an answer."),
        "required_file": N_("choose the picture, or remove the words that go with it."),
        "required_alt": N_("say what the picture shows."),
        "wrong_shape": N_("this value does not have the right form."),
        "unknown_field": N_("there is no such field here; check its name, or remove it."),
        "editors_only": N_("only the editors fill this in."),
        "private": N_("this is private and must not stand in a file; remove it."),
        "not_asked": N_("this is not asked with your other answers; leave it empty."),
        "no_body": N_("there is no text to write here."),
        "too_long": N_("%(length)s characters are too many; keep to %(max)s."),
        "unprintable": N_(
            "there is a character here that cannot be displayed; type the text again."
        ),
        "one_line": N_("write this on a single line."),
        "wrong_pattern": N_("this is not written as expected; look at the hint."),
        "not_a_url": N_("this is not a web address; it starts with https://."),
        "not_an_email": N_("this is not an e-mail address; it looks like name@example.org."),
        "email_as_name": N_(
            "this name is published, so it is never an address; write how you wish to be named."
        ),
        "not_a_phone": N_("this is not a telephone number; write digits, like 02 47 00 00 00."),
        "not_hours": N_(
            "we do not understand “%(said)s”. Write the days, then the hours: “Monday to Friday, "
            "9:00–12:00 and 14:00–17:00”. Put anything else in brackets."
        ),
        "hours_without_day": N_(
            "say on which days: “Monday to Friday, 9:00–12:00”. If you do not know, put the hours "
            "in brackets."
        ),
        "hours_without_time": N_(
            "say from when to when, or “closed”: “Monday to Friday, 9:00–12:00”."
        ),
        "hours_half_closed": N_(
            "“%(said)s”: write when it is open on these days; the rest of the time it is closed."
        ),
        "hours_backwards": N_("“%(said)s” ends before it starts; look at these hours again."),
        "not_a_day": N_("this is not a date; write it like 23/11/2026."),
        "follow_without_address": N_(
            "leave an address here, so that you can be told what becomes of it."
        ),
        "sheet_without_number": N_("write the number that stands on the sheet."),
        "sheet_typed": N_("sheet %(number)s was typed in already: look at its number again."),
        "not_a_month": N_("this is not a month; write it like 11/2026."),
        "not_a_moment": N_("this is not a date with its time; write it like 23/11/2026 18:30."),
        "not_an_integer": N_("write a whole number, in digits."),
        "too_small": N_("the number must be at least %(min)s."),
        "too_large": N_("the number must be at most %(max)s."),
        "not_a_boolean": N_("answer yes or no."),
        "unknown_term": N_("“%(term)s” is not one of the choices."),
        "taken_key": N_("another choice has the key “%(value)s” already; choose something else."),
        "bad_key": N_("“%(value)s” cannot be a key; use small letters, digits and hyphens."),
        "inner_term": N_("this is a part of “%(value)s”: merge them the other way round."),
        "outer_term": N_("“%(value)s” is a part of it; remove that first."),
        "used_term": N_("pages still choose it (%(count)s): merge it with another instead."),
        "needs_place": N_(
            "each of these has its place on the map: whoever hosts the site adds them, in the file."
        ),
        "tied_term": N_(
            "this is asked only of those who chose “%(term)s”; that has to be changed first, in "
            "the file of the type."
        ),
        "managed_term": N_("the site itself writes “%(term)s”, so this key has to stay."),
        "needed_by_site": N_("every page leads to “%(value)s”; name another page here first."),
        "by_hand": N_("this file is laid out in a way that only a person can change."),
        "too_few": N_("give at least %(min)s."),
        "too_many": N_("give at most %(max)s."),
        "unknown_reference": N_("“%(reference)s” is not a page of this site."),
        "wrong_reference": N_("“%(reference)s” is not a page of the right type."),
        "too_precise": N_("give the town or the neighbourhood, nothing more precise."),
        "half_coordinates": N_("latitude and longitude go together; give both or neither."),
        "not_degrees": N_("write degrees, between -%(max)s and %(max)s."),
        "not_an_image_file": N_("this is not the name of a picture; it looks like photo.jpg."),
        "not_an_id": N_("this identifier may only have small letters, digits and hyphens."),
        "twice": N_("“%(value)s” stands here twice."),
        "taken": N_("another page has “%(value)s” already; choose something else."),
        "unknown_folder": N_("“%(folder)s” is the folder of no type."),
        "bad_slug": N_("“%(slug)s” cannot name a page; use small letters, digits and hyphens."),
        "not_utf8": N_("the file is not text in UTF-8."),
        "broken_schema": N_("the types and vocabularies could not be read any more (%(detail)s)."),
        "link": N_("this is a link to somewhere else; put the file itself here."),
        "replaced": N_("it would take the place of another page, “%(title)s”."),
        "merged_itself": N_("a page is not brought together with itself."),
        "merged_ring": N_(
            "“%(title)s” brings this page together already, the other way round: one of the two "
            "has to let go of the other."
        ),
        "merged_twice": N_(
            "“%(title)s” is brought together with “%(other)s” already: bring that one together "
            "instead, or take it out there first."
        ),
        "stray_file": N_("nothing reads this file; is its name as it should be?"),
        "missing_image": N_("there is no picture “%(file)s” in content/images/."),
        "missing_fallback": N_(
            "there is no “%(file)s” in content/images/: old browsers need it, save the same "
            "picture there as JPEG."
        ),
        "nothing_changed": N_("you have not changed anything yet."),
        "picture_gone": N_(
            "this picture is not kept any more (it is, for an hour); choose it again."
        ),
        "picture_busy": N_(
            "many pictures are coming in just now; choose it again and send it in a moment."
        ),
        "picture_often": N_(
            "you have sent many pictures within an hour; choose this one again a little later."
        ),
        "picture_unasked": N_(
            "this picture could not be kept; choose it once more and send the form again."
        ),
        "picture_empty": N_("there is nothing in this file; choose the picture again."),
        "picture_too_large": N_(
            "this picture weighs more than 15 MB; send a screenshot of it, or a lighter one."
        ),
        "picture_too_many_pixels": N_(
            "this picture is larger than we can handle; send a screenshot of it, or a smaller one."
        ),
        "picture_damaged": N_(
            "this picture cannot be read: it is damaged, or did not arrive whole. Send it again, "
            "or another one."
        ),
        "picture_animated": N_(
            "this picture moves, and we show only still ones; send a screenshot of it."
        ),
        "picture_heic": N_(
            "this photo is in the HEIC (or AVIF) format, which many browsers cannot read. On an "
            "iPhone: Settings, Camera, Formats, “Most Compatible”; or send a screenshot of the "
            "photo."
        ),
        "picture_gif": N_(
            "this is a GIF, a format for pictures that move; send a screenshot of it, or a photo."
        ),
        "picture_svg": N_(
            "this is an SVG drawing, which may hold a program; send a screenshot of it."
        ),
        "picture_tiff": N_(
            "this picture is in the TIFF format, which browsers cannot read; save it as JPEG or "
            "PNG, or send a screenshot of it."
        ),
        "picture_bmp": N_(
            "this picture is in the BMP format, which is too heavy for a page; save it as JPEG or "
            "PNG, or send a screenshot of it."
        ),
        "picture_pdf": N_(
            "this is a PDF document and not a picture; send a screenshot of what it shows."
        ),
        "picture_html": N_("this is a web page and not a picture; send a screenshot of it."),
        "picture_unknown": N_(
            "this is not a JPEG, PNG or WebP picture; send another one, or a screenshot of it."
        ),
        "no_front_matter": N_("the file must begin with its fields, between two lines “---”."),
        "twice_in_file": N_("line %(line)s: this field stands here twice."),
        "not_yaml": N_(
            "line %(line)s: the fields cannot be read; a text with a colon, a hash or a quotation "
            "mark goes between straight double quotes (%(detail)s)."
        ),
    }
)
PICTURE: Mapping[str, str] = MappingProxyType({"file": "required_file", "alt": "required_alt"})
CHOSEN = frozenset({"choice", "choices", "place", "references", "boolean"})


def sentence(
    problem: Problem, content_type: ContentType | None, lang: str, *, named: bool = True
) -> str:
    """One plain sentence, naming the field: "« Où » : choisissez une réponse."; without its name
    where it stands beside the question.

    `content_type` is None for a file of no type. A code without a sentence is shown as it is.
    """
    speech = words(lang)
    code = problem.code
    if code == "required":
        code = _required(problem.field, content_type)
    template = SENTENCES.get(code)
    try:
        said = speech.gettext(template) % dict(problem.params) if template else code
    except (KeyError, ValueError):
        said = f"{code} {dict(problem.params)}"
    name = _name(problem.field, content_type, lang) if named else ""
    if name:
        said = speech.gettext("%(field)s: %(sentence)s") % {"field": name, "sentence": said}
    else:
        said = said[:1].upper() + said[1:]
    return typeset(said, lang)


def _required(path: str, content_type: ContentType | None) -> str:
    """What kind of answer is missing."""
    head, _, part = path.partition(".")
    if part in PICTURE and _kind(head, content_type) == "image":
        return PICTURE[part]
    return "required_choice" if _kind(path, content_type) in CHOSEN else "required"


def _name(path: str, content_type: ContentType | None, lang: str) -> str:
    """The words of a dotted field name: "« Constats », 2, « Source »"."""
    if not path:
        return ""
    speech = words(lang)
    parts: list[str] = []
    fields = content_type.fields if content_type else {}
    head, *rest = path.split(".")
    label = Label({"": head})
    if head == "body" and content_type and content_type.body:
        label = content_type.body.label
    elif head in fields:
        label = fields[head].label
    elif head in SUBFIELDS:
        label = Label({"": speech.gettext(SUBFIELDS[head])})
    parts.append(_quoted(label.get(lang).rstrip(" ?:\u202f"), lang))
    inner = getattr(fields[head].kind, "fields", {}) if head in fields else {}
    for part in rest:
        if part.isascii() and part.isdigit():
            parts.append(speech.gettext("line %(number)s") % {"number": int(part) + 1})
        elif part in inner:
            parts.append(_quoted(inner[part].label.get(lang), lang))
        else:
            word = speech.gettext(SUBFIELDS[part]) if part in SUBFIELDS else part
            parts.append(_quoted(word, lang))
    return ", ".join(parts)


SUBFIELDS: Mapping[str, str] = MappingProxyType(
    {
        "territory": N_("Town or neighbourhood"),
        "street": N_("Number and street"),
        "lat": N_("Latitude"),
        "lon": N_("Longitude"),
        "file": N_("Picture"),
        "alt": N_("What the picture shows"),
        "credit": N_("Who made the picture"),
        "id": N_("Identifier"),
        "sheet-number": N_("Number of the sheet"),
    }
)


def _quoted(text: str, lang: str) -> str:
    return f"«\u202f{text}\u202f»" if lang == "fr" else f"“{text}”"


def _kind(path: str, content_type: ContentType | None) -> str:
    if content_type is None:
        return ""
    head, *rest = path.split(".")
    field = content_type.fields.get(head)
    if field is None:
        return ""
    if rest and rest[-1] in (inner := getattr(field.kind, "fields", {})):
        return str(inner[rest[-1]].kind.name)
    return "place" if rest[-1:] == ["territory"] else field.kind.name if not rest else ""
