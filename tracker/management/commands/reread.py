"""`manage.py reread`: read texts again after the parser was improved, without losing what people decided."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tracker import ingest, rereading
from tracker.models import Text
from tracker.rereading import Plan


class Command(BaseCommand):
    """Tells for each text what a new reading would change; with `--apply` does it, each text wholly or not at all."""

    help = "Read texts again with the parser of today: what would be kept, moved, changed, gained and lost."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which texts, and whether to save."""
        parser.add_argument("--text", nargs="+", type=int, metavar="ID", help="only these texts")
        parser.add_argument("--apply", action="store_true", help="save the new readings; without it nothing is saved")

    def handle(self, *_args: Any, text: list[int] | None, apply: bool, **_options: Any) -> None:
        """Read them in order; exit with 1 after the last if any was refused."""
        texts = _texts(text)
        number, refused = texts.count(), 0
        for place, pk in enumerate(texts.values_list("pk", flat=True), 1):
            try:
                told = self._read(pk, apply=apply)
            except (ingest.RefusedError, rereading.RefusedError) as error:
                refused += 1
                self.stderr.write(f"[{place}/{number}] {pk}: {error}")
            else:
                self.stdout.write(f"[{place}/{number}] {pk}: {told}")
        if refused:
            raise CommandError(
                ngettext("%(n)d text was not read again.", "%(n)d texts were not read again.", refused) % {"n": refused}
            )

    def _read(self, pk: int, *, apply: bool) -> str:
        now = timezone.now()
        plan = rereading.plan_anew(pk, now)
        if apply:
            rereading.apply(plan, now=now)
        return _told(plan)


def _texts(chosen: list[int] | None) -> QuerySet[Text]:
    """The current texts, in order; those that were named must all be there."""
    known = Text.objects.filter(current=True).order_by("pk")
    if chosen is None:
        return known
    missing = set(chosen) - set(known.filter(pk__in=chosen).values_list("pk", flat=True))
    if missing:
        raise CommandError(_("There is no current text %(ids)s.") % {"ids": ", ".join(map(str, sorted(missing)))})
    return known.filter(pk__in=chosen)


def _told(plan: Plan) -> str:
    """The plan in one line."""
    words = _("%(kept)d kept, %(moved)d moved, %(changed)d changed, %(gained)d gained, %(lost)d lost")
    return words % plan.counts
