"""The words of the one comment that tells, on a pull request, what its check found. Pure.

A stranger wrote the report: whoever proposes may change the code that makes it. It is shown as an
indented code block, which only a line without indentation ends, and in which GitHub reads neither
Markdown nor HTML nor mention nor reference.
"""

from __future__ import annotations

import unicodedata

MARK = "<!-- vigie:verification -->"  # how the comment is found again
MOST_LINES = 60
LONGEST_LINE = 400  # characters; the block stays well under the 65,536 that GitHub allows

GOOD = (
    "**Le contenu de cette proposition est en ordre.** "
    "Il reste à la rédaction à la lire et à décider."
)
FAULTY = """**Il y a quelque chose à corriger avant de pouvoir publier.**

Chaque ligne dit où (le fichier, puis le champ), ce qui ne va pas et ce qu’il faut faire :"""
ADVICE = """**Que faire maintenant ?**

- Vous avez écrit ce fichier ici : ouvrez l’onglet « Files changed », les trois points à droite \
du nom du fichier, puis « Edit file ». Corrigez, puis « Commit changes » : la vérification \
recommence toute seule et ce message se met à jour.
- La proposition vient d’un formulaire du site : la personne qui l’a écrite n’a rien à faire, \
la rédaction s’en occupe.
- Une ligne n’est pas claire ? Demandez ici, en commentaire : la rédaction vous répondra."""
UNFINISHED = """**La vérification n’a pas pu aller jusqu’au bout.**

Votre texte est bien là et n’est peut-être pas en cause. Une personne de la rédaction peut ouvrir \
[la page de la vérification]({run}) et choisir « Re-run jobs » pour la recommencer."""
DESK = "**Aperçu de la fiche :** [à la rédaction]({desk}), comme elle paraîtra."
PREVIEW = """**Aperçu du site entier :** en bas de [la page de la vérification]({run}), \
« apercu-du-site » (il faut être connecté à GitHub). Décompressez l’archive, lancez dans son \
dossier `python3 -m http.server 8000`, et ouvrez <http://127.0.0.1:8000/>."""
CUT = "Ce message est coupé : le rapport entier est sur [la page de la vérification]({run})."


def compose(*, passed: bool, report: str, run: str, desk: str = "") -> str:
    """The comment's Markdown. `run` and `desk` are addresses of our own making; `report` is not."""
    if passed:
        parts = [GOOD]
    elif shown := block(report):
        parts = [FAULTY, shown, *([CUT.format(run=run)] if is_long(report) else []), ADVICE]
    else:
        parts = [UNFINISHED.format(run=run)]
    parts += [DESK.format(desk=desk)] if desk else []
    parts += [PREVIEW.format(run=run)] if passed else []
    return "\n\n".join([MARK, *parts]) + "\n"


def block(report: str) -> str:
    """The first lines of a report as an indented code block; "" when nothing can be seen in it."""
    lines = [line[:LONGEST_LINE] for line in report.splitlines()[:MOST_LINES]]
    shown = [harmless(line) for line in lines if line.strip()]
    return "\n".join(f"    {line}" for line in shown)


def is_long(report: str) -> bool:
    lines = report.splitlines()
    return len(lines) > MOST_LINES or any(len(line) > LONGEST_LINE for line in lines)


def harmless(line: str) -> str:
    """One line whose signs are all visible and in which nobody is mentioned."""
    visible = "".join("\ufffd" if unicodedata.category(c)[0] == "C" else c for c in line)
    return visible.replace("@", "@\u200b")  # code mentions nobody; this holds wherever it is pasted
