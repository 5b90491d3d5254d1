"""Opening hours: said as people say them, kept as OpenStreetMap has them, said again in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.render.hours import spoken
from plugins.schema import Hours, Rule, read_hours
from plugins.schema.hours import DAYS, HoursError, is_span, ordered, write_hours
from plugins.schema.kinds import Hours as HoursKind
from plugins.schema.spoken_hours import read_spoken
from tests.plugins.schema.strategies import schema

SAID = {
    "lundi au vendredi, 9 h – 12 h et 14 h – 17 h": "Mo-Fr 09:00-12:00,14:00-17:00",
    "du lundi au jeudi de 9h à 12h30 et de 14h à 17h": "Mo-Th 09:00-12:30,14:00-17:00",
    "Lundi : 14h-18h\nMardi : 10h-12h\n\n- Mercredi 14h-18h": "Mo,We 14:00-18:00; Tu 10:00-12:00",
    "lundi mardi 9h30-12h, samedi fermé": "Mo,Tu 09:30-12:00; Sa off",
    "Fermé le lundi. Mardi 9-12": "Mo off; Tu 09:00-12:00",
    "Lundi\n9h-12h\n14h-17h": "Mo 09:00-12:00,14:00-17:00",
    "Lundi matin : 9h-12h, après-midi 14h-17h": "Mo 09:00-12:00,14:00-17:00",
    "9h-12h du lundi au jeudi": "Mo-Th 09:00-12:00",
    "Lundi-jeudi 8h30/12h - 13h30/17h": "Mo-Th 08:30-12:00,13:30-17:00",
    "mardi et jeudi après-midi de 14 heures à 17 heures": "Tu,Th 14:00-17:00",
    "lundi 9h-12h et l’après-midi sur rendez-vous": (
        'Mo 09:00-12:00 "et l’après-midi sur rendez-vous"'
    ),
    "Ouvert tous les jours 8h-20h": "Mo-Su 08:00-20:00",
    "tous les mardis de midi à 14h": "Tu 12:00-14:00",
    "lundi 9h3٥ – ١٢h": "Mo 09:35-12:00",
    "vendredi 18h-1h": "Fr 18:00-01:00",
    "lundi 9h-12h sur rendez-vous": 'Mo 09:00-12:00 "sur rendez-vous"',
    "lundi 9h-17h\nlundi 10h-12h (inscriptions, jusqu’à 11h)": (
        'Mo 09:00-17:00, Mo 10:00-12:00 "inscriptions, jusqu’à 11h"'
    ),
    "jours fériés : fermé\nvacances scolaires 9h-12h": "PH off; SH 09:00-12:00",
    "lundi 9h-12h, au fond) à (gauche": 'Mo 09:00-12:00 "au fond à gauche"',
    "Horaires d’ouverture : lundi 9h-12h": "Mo 09:00-12:00",
    "Sur rendez-vous": '"Sur rendez-vous"',
    "(le lundi, 9 h ou 10 h)": '"le lundi, 9 h ou 10 h"',
    'mardi 9h-12h\nAu "fond" de la cour': 'Tu 09:00-12:00 || "Au ’fond’ de la cour"',
    "Monday to Friday 9am-5pm\nweekends: closed": "Mo-Fr 09:00-17:00; Sa,Su off",
    "Mo-Fr 09:00-12:00; We off": "Mo,Tu,Th,Fr 09:00-12:00; We off",
    "24/7": "Mo-Su 00:00-24:00",
    "Lundi au vendredi 9h-12h, fermé en août": 'Mo-Fr 09:00-12:00 || "fermé en août"',
    "Lundi au vendredi 9h-12h. Fermeture annuelle du 1er au 15 août": (
        'Mo-Fr 09:00-12:00 || "Fermeture annuelle du 1er au 15 août"'
    ),
    "Lundi 9h-12h\nMardi 14h-17h\nFermé en août": (
        'Mo 09:00-12:00; Tu 14:00-17:00 || "Fermé en août"'
    ),
    "Lundi 9h-12h\nFermé (en août)": 'Mo 09:00-12:00 || "Fermé (en août)"',
    "Mardi 9h-12h\nMardi fermé en août": 'Tu 09:00-12:00, Tu "fermé en août"',
    "Fermé pendant les vacances d’été": 'SH "Fermé pendant les vacances d’été"',
    "Lundi fermé (travaux)": 'Mo off "travaux"',
    "Lundi\nFermé": "Mo off",
    "Lundi au vendredi 9h-12h\nMercredi fermé": "Mo,Tu,Th,Fr 09:00-12:00; We off",
    "Mercredi fermé\nLundi au vendredi 9h-12h": "Mo,Tu,Th,Fr 09:00-12:00; We off",
    "We off, Mo-Fr 09:00-12:00": "Mo-Fr 09:00-12:00",
    "Lundi matin : fermé\nLundi après-midi : 14h-17h": "Mo 14:00-17:00",
    "Lundi matin fermé, après-midi 14h-17h": "Mo 14:00-17:00",
    "lundi 9h-12h30, fermé l’après-midi": "Mo 09:00-12:30",
    "lundi le matin 9h-12h": "Mo 09:00-12:00",
    "Mardi matin sur rendez-vous": 'Tu "matin sur rendez-vous"',
    "Mardi matin (sur rendez-vous)": 'Tu "matin (sur rendez-vous)"',
    "Mon 2-5pm": "Mo 14:00-17:00",
    "Mon 2pm-5": "Mo 14:00-17:00",
    "Sat 1:30-4pm": "Sa 13:30-16:00",
    "Monday to Friday 9-5pm": "Mo-Fr 09:00-17:00",
    "Mon 10-12pm": "Mo 10:00-12:00",
    "lundi 8h-minuit": "Mo 08:00-24:00",
}
UNCLEAR = {
    "9h-12h et 14h-17h": "hours_without_day",
    "lundi": "hours_without_time",
    "lundi\nmardi 9h-12h": "hours_without_time",
    "mardu 9h-12h": "not_hours",
    "lundi 9h-25h": "not_hours",
    "1er mardi du mois 9h-12h": "not_hours",
    "le lundi dès 14h": "not_hours",
    "Fermé le jeudi matin": "hours_half_closed",
    "Lundi matin fermé": "hours_half_closed",
    "Lundi matin\nfermé": "hours_half_closed",
    "Lundi au vendredi 9h-17h\nJeudi matin fermé": "hours_half_closed",
    "vendredi 18h-1h, fermé le soir": "hours_half_closed",
    "lundi 9h-12h, fermé": "not_hours",
    "Fermé": "hours_without_day",
    "Monday to Friday 9-5": "hours_backwards",
    "Monday 9am-5": "hours_backwards",
    "Ouvert le lundi (9h-12h) et le mardi (14h-17h)": "not_hours",
    "lundi 14h-9h": "hours_backwards",
}


@pytest.mark.parametrize("said", SAID)
def test_hours_are_understood_as_people_write_them(said: str) -> None:
    assert HoursKind().parse(said) == SAID[said]
    assert list(HoursKind().check(SAID[said], "opening", schema())) == []


@pytest.mark.parametrize("said", UNCLEAR)
def test_what_is_unclear_is_kept_as_typed_and_what_to_do_is_said(said: str) -> None:
    assert HoursKind().parse(said) == said
    (problem,) = HoursKind().check(said, "opening", schema())
    assert problem.code == UNCLEAR[said]
    assert problem.params["said"]


times = st.tuples(st.integers(0, 23), st.sampled_from([0, 15, 30])).map(
    lambda time: f"{time[0]:02}:{time[1]:02}"
)
spans = st.tuples(times, times).filter(lambda span: is_span(*span))
notes = st.sampled_from(["", "sur rendez-vous", "salle 2 (au fond)le 1er mardi, dès 9 h"])
rules = st.builds(
    Rule, st.lists(st.sampled_from(DAYS), min_size=1).map(tuple), st.lists(spans).map(tuple), notes
)


closed = st.builds(Rule, rules.map(lambda rule: rule.days), note=notes, closed=st.just(True))


@given(st.lists(closed | rules.filter(lambda rule: rule.spans or rule.note), min_size=1), notes)
def test_hours_come_back_from_their_file_and_from_their_words(found: list[Rule], note: str) -> None:
    hours = ordered(found, note)
    text = write_hours(hours)
    assert read_hours(text) == hours
    assert read_spoken(str(spoken(text, "fr"))) == hours
    assert read_spoken(str(spoken(text, "en"))) == hours


A_LIBRARY = (
    'Mo 14:00-18:30 "sur rendez-vous"; Tu 09:15-12:15,13:45-18:15; We 09:15-12:15,13:45-19:30 '
    '"atelier à 15 h"; Th 09:15-12:15,14:30-18:15; Fr 09:15-12:15,13:45-17:45; Sa 09:30-12:30,'
    '14:15-17:15; PH off; SH 10:15-12:15,13:45-16:45 "accueil réduit" || "fermé fin août"'
)


@pytest.mark.parametrize(
    "pasted",
    [
        'Mo 09:00-12:00 "\u2028 de 9h :"',
        'PH off "(a) (b);"',
        '"24/7"',
        'Mo off || "* sur rendez-vous"',
        'Sa 09:00-12:00 || "; (a)"',
        "lundi 9h-12h (l'été)",
        A_LIBRARY,
    ],
)
def test_whatever_was_pasted_from_openstreetmap_stays_what_the_next_form_shows(pasted: str) -> None:
    kept = HoursKind().parse(pasted)
    assert HoursKind().parse(spoken(kept, "fr")) == HoursKind().parse(spoken(kept, "en")) == kept


PHRASES = (
    *("lundi", "au vendredi", "mercredi", "jours fériés", "matin", "l’après-midi", "fermé"),
    *("en août", "9h-12h", "14h-17h", "2-5pm", "minuit", "(sauf le 1er)", "sur rendez-vous"),
    *("et", ",", ":", "\n"),
)
phrases = st.lists(st.sampled_from(PHRASES), max_size=8)


@given(st.text() | st.text('lundi mars9h-12:,;().\n &et24/7MoFrTuPH"|') | phrases.map(" ".join))
def test_whatever_is_typed_is_understood_or_refused(text: str) -> None:
    try:
        hours = read_spoken(text)
    except HoursError:
        return
    assert isinstance(hours, Hours)
    assert read_hours(write_hours(hours)) == hours
