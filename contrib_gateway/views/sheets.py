"""A sheet of each form to print: the same questions, with boxes to tick and lines to write on."""

from __future__ import annotations

from flask import Blueprint

from contrib_gateway.gateway import Gateway
from contrib_gateway.square import square
from contrib_gateway.store import Workshop
from contrib_gateway.views.forms.contribute import asked_type
from contrib_gateway.views.forms.task import Task
from contrib_gateway.views.telling import said_plainly
from contrib_gateway.views.workshops import spoken
from plugins.render.sheets import questions
from plugins.schema import Document


class SheetPages:
    """/contribuer/<type>/feuille/, and /a/<code>/feuille/ for a workshop, in one language."""

    def __init__(self, gateway: Gateway, lang: str) -> None:
        self._gateway = gateway
        self._lang = lang

    def blueprint(self) -> Blueprint:
        pages = Blueprint(f"sheets-{self._lang}", __name__)
        pages.add_url_rule("/contribuer/<name>/feuille/", view_func=self.sheet)
        pages.add_url_rule("/a/<code>/feuille/", view_func=self.workshop_sheet)
        return pages

    def sheet(self, name: str) -> str:
        return self._page(name, f"contribuer/{name}/", f"contribuer/{name}/feuille/")

    def workshop_sheet(self, code: str) -> str:
        workshop = self._gateway.workshops.find(code)
        way = f"a/{workshop.code}/"
        return self._page(workshop.type, way, f"{way}feuille/", workshop)

    def _page(self, name: str, form: str, path: str, workshop: Workshop | None = None) -> str:
        content, site = self._gateway.library.content, self._gateway.site
        kind = asked_type(content, name)
        task = Task(kind, content, form, form, lambda _: form, workshop=workshop)
        common: Document = task.common
        address = site.absolute_gateway(form, self._lang)
        return self._gateway.theme(content.index.schema).render(
            "gateway/sheet.html",
            self._lang,
            path,
            content_type=kind,
            groups=questions(kind, content.index, self._lang, without=common.data),
            said=said_plainly(common, content.index, site, self._lang),
            workshop=workshop,
            address=address,
            spoken=spoken(address),
            square=square(address),
            back=site.gateway(f"{form}animer/" if workshop else form, self._lang),
        )
