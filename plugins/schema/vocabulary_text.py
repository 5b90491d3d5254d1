"""The text of a vocabulary's file, changed where it has to be and nowhere else.

Vocabularies are written by people, with remarks, sources and their own layout. So nothing is
written anew: YAML tells where each value stands, and only those characters are replaced.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import yaml

from plugins.schema.labels import Label
from plugins.schema.source import Source
from plugins.schema.vocabularies import Term, Vocabulary

Edit = tuple[int, int, str]
"""Where the text changes, from and to, in characters, and what stands there then."""


def vocabulary_path(name: str) -> str:
    """Inside `content/`."""
    return f"vocabularies/{name}.yaml"


def read_vocabulary(name: str, text: str) -> Vocabulary:
    """The vocabulary of a file's text. Raises `SchemaError`."""
    source = Source.parse(f"content/{vocabulary_path(name)}", text.encode())
    return Vocabulary.declare(name, source)


def relabelled(text: str, key: str, label: Label) -> str:
    """The text with another label for a term; of a language whose words stay, nothing changes."""
    value = _terms(text)[key][1]
    old = dict(_entries(value)).get("label", value) if _is_mapping(value) else value
    words = dict(_entries(old)) if _is_mapping(old) else {"": old}
    if words.keys() != label.texts.keys():
        new = _written(label)
        new = new if old is not value or "" in label.texts else f"{{label: {new}}}"
        return _edited(text, [(*_span(text, old), new)])
    changed = [language for language in words if words[language].value != label.texts[language]]
    return _edited(
        text, [(*_span(text, words[each]), _quoted(label.texts[each])) for each in changed]
    )


def hinted(text: str, key: str, hint: Label) -> str:
    """The text with another hint for a term, or none."""
    return _edited(text, [_saying(text, key, "hint", _written(hint) if hint else '""')])


def rekeyed(text: str, key: str, new: str, formerly: Sequence[str]) -> str:
    """The text with another key for a term, also where other terms are within it, and the keys it
    had before.
    """
    own = (*_span(text, _terms(text)[key][0]), _plain(new))
    return _edited(text, [own, *_moved(text, key, new), _remembering(text, key, formerly)])


def merged(text: str, kept: str, gone: str, formerly: Sequence[str]) -> str:
    """The text without a term, and what was within it within another, which remembers its keys.

    A remark on a line above it stays: it may well be about all that follow.
    """
    own = (*_entry_span(text, gone), "")
    return _edited(text, [own, *_moved(text, gone, kept), _remembering(text, kept, formerly)])


def removed(text: str, key: str) -> str:
    """The text without a term."""
    return _edited(text, [(*_entry_span(text, key), "")])


def added(text: str, term: Term) -> str:
    """The text with one more term, the last; of the term, its label, hint and national keys."""
    node, known = _terms_node(text), list(_terms(text))
    label = f"label: {_written(term.label)}"
    pairs = ", ".join(f"{_plain(name)}: {_quoted(key)}" for name, key in term.map.items())
    parts = [label, *([f"hint: {_written(term.hint)}"] if term.hint else [])]
    parts += [f"map: {{{pairs}}}"] if pairs else []
    if node.flow_style:
        at = _span(text, _terms(text)[known[-1]][1])[1] if known else node.start_mark.index + 1
        comma = ", " if known else ""
        return _edited(text, [(at, at, f"{comma}{_plain(term.key)}: {{{', '.join(parts)}}}")])
    margin = " " * _terms(text)[known[-1]][0].start_mark.column
    lines = [f"{margin}{_plain(term.key)}:", *(f"{margin}  {part}" for part in parts)]
    return _edited(text, [_inserted(text, _entry_span(text, known[-1])[1], lines)])


def _moved(text: str, old: str, new: str) -> Iterator[Edit]:
    """Every `within: old` of another term."""
    for key, (_, value) in _terms(text).items():
        parent = dict(_entries(value)).get("within") if _is_mapping(value) else None
        if key != old and parent is not None and parent.value == old:
            yield (*_span(text, parent), _plain(new))


def _remembering(text: str, key: str, formerly: Sequence[str]) -> Edit:
    """What writes the former keys of a term."""
    return _saying(text, key, "formerly", f"[{', '.join(map(_plain, formerly))}]")


def _saying(text: str, key: str, name: str, written: str) -> Edit:
    """What writes one thing that a term says: in the place of what it said, or after all of it."""
    value, new = _terms(text)[key][1], f"{name}: {written}"
    if not _is_mapping(value):
        return (*_span(text, value), f"{{label: {_quoted(value.value)}, {new}}}")
    said: list[tuple[yaml.Node, yaml.Node]] = value.value
    for known, old in said:
        if known.value == name:
            return (known.start_mark.index, _span(text, old)[1], new)
    end = _span(text, said[-1][1])[1]
    if isinstance(value, yaml.CollectionNode) and value.flow_style:
        return end, end, f", {new}"
    margin = " " * said[0][0].start_mark.column
    line = re.compile(r"[^\n]*\n?").match(text, end)
    return _inserted(text, line.end() if line else end, [margin + new])


def _inserted(text: str, at: int, lines: Sequence[str]) -> Edit:
    """What writes lines of their own, where one begins or the text ends."""
    end = "\r\n" if "\r\n" in text else "\n"
    before = "" if text[:at].endswith("\n") else end
    return at, at, before + "".join(line + end for line in lines)


def _terms(text: str) -> dict[str, tuple[yaml.Node, yaml.Node]]:
    """The nodes of each term, its key's and its value's, by key, in order."""
    return {key.value: (key, value) for key, value in _terms_node(text).value}


def _terms_node(text: str) -> Any:
    root: Any = yaml.compose(text, Loader=yaml.CSafeLoader)
    return dict(_entries(root))["terms"]


def _entries(node: yaml.Node) -> Iterator[tuple[str, yaml.Node]]:
    return ((key.value, value) for key, value in node.value)


def _is_mapping(node: yaml.Node) -> bool:
    return isinstance(node, yaml.MappingNode)


def _span(text: str, node: yaml.Node) -> tuple[int, int]:
    """Where a node stands. The end that YAML tells of a block is where the next thing starts."""
    last = node
    while isinstance(last, yaml.CollectionNode) and not last.flow_style:
        last = last.value[-1][1] if _is_mapping(last) else last.value[-1]
    start = node.start_mark.index
    return start, start + len(text[start : last.end_mark.index].rstrip())


def _entry_span(text: str, key: str) -> tuple[int, int]:
    """Where a term stands: its lines with their remarks, or between two commas."""
    terms = _terms(text)
    order = list(terms)
    place = order.index(key)
    start = terms[key][0].start_mark
    end = _span(text, terms[key][1])[1]
    if _terms_node(text).flow_style:
        if place + 1 < len(order):
            return start.index, terms[order[place + 1]][0].start_mark.index
        return _span(text, terms[order[place - 1]][1])[1], end
    lines = re.compile(rf"[^\n]*\n?(?: {{{start.column + 1},}}#[^\n]*\n?)*").match(text, end)
    return start.index - start.column, lines.end() if lines else end


def _edited(text: str, edits: list[Edit]) -> str:
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def _written(label: Label) -> str:
    """A label as the other files write it: {fr: "Un lieu", en: "A place"}; one text alone."""
    if label.texts.keys() == {""}:
        return _quoted(label.texts[""])
    pairs = (f"{_plain(language)}: {_quoted(words)}" for language, words in label.texts.items())
    return "{" + ", ".join(pairs) + "}"


def _quoted(words: str) -> str:
    return _scalar(words, '"')


def _plain(key: str) -> str:
    """A key without quotes, unless YAML could take it for something else: `no`, `1`."""
    return _scalar(key, None)


def _scalar(words: str, style: str | None) -> str:
    node = yaml.ScalarNode("tag:yaml.org,2002:str", words, style=style)
    holder = yaml.SequenceNode("tag:yaml.org,2002:seq", [node], flow_style=True)
    dumped = yaml.serialize(holder, Dumper=yaml.SafeDumper, allow_unicode=True, width=2**30)
    return str(dumped).strip()[1:-1]
