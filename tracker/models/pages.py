"""Pages of long lists, for admin and API alike."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet


class Pages(Paginator):  # type: ignore[type-arg]
    """The pages of a long list.

    PostgreSQL first finds which records a page has, by their keys alone and from whichever end of the list is nearer;
    then it reads `rows`, the records with all that the list shows, for these keys. So what is costly to show (words
    cut out of a text, numbers) is worked out for a page and not for all, and the last page costs what the first does.
    Two statements, not one: in one, PostgreSQL would weigh every order of a dozen joined tables, which alone takes
    longer than reading the rows.
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

    def first(self) -> list[Any]:
        """The records of the first page; how many there are in all is not counted for it."""
        return self._read(0, self.per_page)

    def all(self) -> list[Any]:
        """Every record at once, for a list that is short or shown whole."""
        return self._read(0, self.count)

    def _read(self, first: int, last: int) -> list[Any]:
        keys = self._keys(first, last) if last else []
        return list(self.rows.filter(pk__in=keys).order_by(*self.order)) if keys else []

    def _keys(self, first: int, last: int) -> list[Any]:
        keys = self.found.values_list("pk", flat=True)
        if first and first > self.count // 2:
            return list(keys.reverse()[self.count - last : self.count - first])
        return list(keys[first:last])
