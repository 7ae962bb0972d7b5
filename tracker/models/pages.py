"""Pages of long lists, for admin and API alike."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet


class Pages(Paginator):  # type: ignore[type-arg]
    """The pages of a long list.

    PostgreSQL first finds which records a page has, by their keys alone and from whichever end of the list is nearer;
    only for these does it read `rows`, the records with all that the list shows. So what is costly to show (words cut
    out of a text, numbers) is worked out for a page and not for all, and the last page costs what the first does.
    """

    def __init__(self, found: QuerySet[Any], per_page: int, *args: Any, rows: QuerySet[Any], **kwargs: Any) -> None:
        self.order = found.query.order_by
        if found.query.distinct:
            found = rows.filter(pk__in=found.order_by().values("pk")).order_by(*self.order)
        super().__init__(found, per_page, *args, **kwargs)
        self.found = found
        self.rows = rows

    def page(self, number: int | str) -> Page[Any]:
        """One page; PageNotAnInteger or EmptyPage where there is no such page."""
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        return Page(self._read(first, min(first + self.per_page, self.count)), number, self)

    def all(self) -> list[Any]:
        """Every record at once, for a list that is short or shown whole."""
        return self._read(0, self.count)

    def _read(self, first: int, last: int) -> list[Any]:
        return list(self.rows.filter(pk__in=self._keys(first, last)).order_by(*self.order)) if last else []

    def _keys(self, first: int, last: int) -> QuerySet[Any]:
        keys = self.found.values("pk")
        if first > self.count // 2:
            return keys.reverse()[self.count - last : self.count - first]
        return keys[first:last]
