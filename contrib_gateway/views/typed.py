"""Words that people type in a form: without what nobody types."""

from flask import request

from contrib_gateway.forge.words import seen


def typed(name: str) -> str:
    """What was typed in a field; "" if nothing was."""
    return clean(request.form.get(name, "").replace("\r\n", "\n").strip())


def clean(text: str) -> str:
    """Words without the control characters that nobody types; French spaces stay."""
    return "".join(letter if letter in "\n\t" else seen(letter) for letter in text)
