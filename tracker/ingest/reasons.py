"""Why the parser read something so, and what it doubts, in the language that is active: kept as it said them.

The codes are those of `clauses.reasons`; a test holds that each has its sentence here with the same values.
"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from clauses.reasons import recognised
from tracker.models.vocabulary import Precision, Recurrence

SENTENCES: dict[str, Promise] = {
    # what decided that words promise something: a phrase of the language, and what stands behind it
    "modal": _("“%(cue)s” with a verb"),
    "past_modal": _("“%(cue)s” with a verb, in what was said or confirmed"),
    "infinitive": _("“%(cue)s” and what is to be done"),
    "impersonal": _("“%(cue)s” and what is to be done, without saying by whom"),
    "doing": _("“%(cue)s” and the name of an action"),
    "acting": _("“%(cue)s” and the name of an action close behind it"),
    "that": _("“%(cue)s” and a clause that says who does what"),
    "object": _("“%(cue)s”, which is enough by itself"),
    "asking": _("“%(cue)s” and whoever is asked to act"),
    "opening": _("“%(cue)s” in the words that open the list"),
    "cue": _("“%(cue)s” at the end of the clause"),
    # the form of the verb
    "present": _("a verb in the present tense, which binds in such a text"),
    "present_opening": _("a verb in the present tense in the words that open the list"),
    "progressive": _("a verb that tells what the parties are now doing"),
    "progressive_opening": _("a verb that tells what the parties are now doing, in the words that open the list"),
    "tense_present": _("a verb in the present tense, which here tells what will be done"),
    "tense_aim": _("a verb in the form that states an aim"),
    "tense_doing": _("a verb in the form that tells what is being done"),
    "order": _("a verb in the form of an order (-сын)"),
    # the place of the words
    "point": _("a point of a list: %(reason)s"),
    "plan_point": _("a point of a plan of action"),
    "plan_measure": _("a measure of a plan"),
    "duties": _("the list is headed as one of duties"),
    # what fixed a day
    "by": _("the words name the last moment (%(precision)s)"),
    "before": _("the words name what it must come before (%(precision)s)"),
    "in": _("the words name when it will be done (%(precision)s)"),
    "for": _("the words name the time that it is meant for (%(precision)s)"),
    "from": _("the words name when it begins (%(precision)s)"),
    "programme": _("the years stand in the name of a programme that is to be carried out"),
    "programme_before": _("the years of the programme that was spoken of before"),
    "length": _("the words name a length of time"),
    "length_from_event": _("the words name a length of time that begins with an event"),
    "event": _("the words name an event that it must come before"),
    "recurrence": _("the words say how often (%(recurrence)s)"),
    # what was doubtful in reading a document
    "doubt_encoding": _("The encoding is not stated; it was read as %(encoding)s."),
    "doubt_page_hidden": _("Hidden parts of the page were left out: %(number)s."),
    "doubt_hidden": _("Hidden passages of the document were left out: %(number)s."),
    "doubt_deleted": _("Deleted passages (tracked changes) were left out: %(number)s."),
    "doubt_white": _("Passages in white letters, which a reader does not see, were read: %(number)s."),
    "doubt_unread": _("Of a hundred characters in the file only %(number)s are in the text that was read; check it."),
    "doubt_letters": _("The fonts do not say what their letters are; the letters were restored. Check the text."),
    "doubt_pictures": _("Pages that are pictures were read by OCR: %(number)s of %(pages)s. Check the text."),
}
"""Every sentence that the parser gives, by its code."""

_TERMS = {"precision": Precision, "recurrence": Recurrence}


def told(why: str) -> str:
    """A reason as the parser gave it, in the language that is active now; as it is, where it is none of the table."""
    found = recognised(why)
    if found is None:
        return why
    return str(SENTENCES[found.code]) % {name: _told_value(name, value) for name, value in found.values.items()}


def _told_value(name: str, value: str) -> str:
    if name == "reason":
        return told(value)
    return str(_TERMS[name](value).label) if name in _TERMS else value
