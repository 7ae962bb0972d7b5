"""What goes outside: who receives webhooks, what is owed and what became of each try. For administrators alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.admin import TabularInline
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter
from unfold.decorators import display
from unfold.widgets import UnfoldAdminURLInputWidget

from tracker import receivers, rights
from tracker.admin.access import LookOnly
from tracker.models import Delivery, OutboxItem, WebhookEndpoint
from tracker.models.edits import RefusedError
from tracker.models.vocabulary import EventType, OutboxState

_STATES = {
    OutboxState.WAITING: "info",
    OutboxState.SENT: "success",
    OutboxState.DEAD: "danger",
    OutboxState.ASIDE: "default",
}


class ForAdministrators(LookOnly):
    """Nobody else sees it, in the menu or by its address."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Administrators."""
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Administrators."""
        return super().has_view_permission(request, obj) and rights.may_administer(request.user)


class ReceiverForm(forms.ModelForm):
    """A receiver: where it is, and what it is told."""

    url = forms.URLField(
        label=gettext_lazy("address"), max_length=1000, assume_scheme="https", widget=UnfoldAdminURLInputWidget
    )
    events = forms.MultipleChoiceField(
        label=gettext_lazy("Events"),
        choices=[choice for choice in EventType.choices if choice[0] != EventType.TEST],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        """What was entered, where webhooks may go there."""
        cleaned = super().clean() or {}
        if cleaned.get("url"):
            try:
                receivers.check(cleaned["url"], cleaned.get("events", ()))
            except RefusedError as error:
                self.add_error("url", str(error))
        return cleaned


@admin.register(WebhookEndpoint)
class WebhookEndpointAdmin(ForAdministrators):
    """Receivers of webhooks. The secret of one is shown once, when it is made or rotated."""

    form = ReceiverForm
    list_display = ("name", "url", "unit", "told", "enabled")
    list_select_related = ("unit",)
    fields = ("name", "url", "unit", "events", "enabled")
    search_fields = ("name", "url")
    ordering = ("name",)
    change_form_outer_after_template = "admin/tracker/outbox/receiver.html"

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Administrators."""
        return self.has_view_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Administrators."""
        return self.has_view_permission(request)

    def get_urls(self) -> list[URLPattern]:
        """With the two steps that a receiver's page offers."""
        steps = (("rotate", self._rotate), ("test", self._test))
        ours = [
            path(f"<int:pk>/{name}/", _posted(self, step), name=f"tracker_webhookendpoint_{name}")
            for name, step in steps
        ]
        return [*ours, *super().get_urls()]

    def save_model(self, request: HttpRequest, obj: WebhookEndpoint, form: ReceiverForm, change: bool) -> None:
        """Make a receiver by its step; of one that is there write what was changed, and nothing else."""
        if change:
            obj.save(update_fields=form.changed_data)
            return
        given = receivers.Receiver(**form.cleaned_data)
        made, secret = receivers.add(given, by=_user(request), now=timezone.now())
        obj.pk = made.pk
        request.secret_to_show = secret  # type: ignore[attr-defined]

    def response_add(self, request: HttpRequest, obj: WebhookEndpoint, post_url_continue: str | None = None) -> Any:
        """The secret, this once."""
        return self._secret_page(request, obj, getattr(request, "secret_to_show", ""))

    def _rotate(self, request: HttpRequest, pk: int) -> HttpResponse:
        endpoint, secret = receivers.rotate(pk, by=_user(request), now=timezone.now())
        return self._secret_page(request, endpoint, secret)

    def _test(self, request: HttpRequest, pk: int) -> HttpResponse:
        item = receivers.send_test(pk, by=_user(request), now=timezone.now())
        messages.success(request, _("A test is on its way. What becomes of it is shown here."))
        return redirect("admin:tracker_outboxitem_change", item.pk)

    def _secret_page(self, request: HttpRequest, endpoint: WebhookEndpoint, secret: str) -> HttpResponse:
        """A page of its own and no message: those are kept until they are read."""
        shown = {
            **self.admin_site.each_context(request),
            "title": endpoint.name,
            "opts": self.model._meta,
            "endpoint": endpoint,
            "secret": secret,
        }
        return TemplateResponse(request, "admin/tracker/outbox/secret.html", shown)

    @display(description=gettext_lazy("Events"))
    def told(self, row: WebhookEndpoint) -> str:
        """What it is told of."""
        return ", ".join(str(EventType(event).label) for event in row.events) or "–"


class DeliveryInline(TabularInline):
    """The tries, the first one first."""

    model = Delivery
    fields = readonly_fields = ("at", "milliseconds", "delivered", "answer")
    extra = 0
    can_delete = False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever sees the item."""
        return rights.may_administer(request.user)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False


@admin.register(OutboxItem)
class OutboxItemAdmin(ForAdministrators):
    """What is owed, was sent or was given up, the newest first."""

    list_display = ("made_at", "kind", "event_type", "to", "state_badge", "attempts", "next_try", "settled_at")
    list_filter = (
        ("state", ChoicesDropdownFilter),
        ("kind", ChoicesDropdownFilter),
        ("endpoint", RelatedDropdownFilter),
    )
    list_select_related = ("endpoint", "person__user")
    search_fields = ("event",)
    ordering = ("-pk",)
    fields = (
        *("event", "kind", "event_type", "to", "state", "attempts"),
        *("made_at", "next_try", "leased_until", "settled_at", "body"),
    )
    readonly_fields = ("event", "to", "next_try")
    inlines = (DeliveryInline,)
    actions = ("send_again", "put_aside")  # type: ignore[assignment]
    change_form_outer_after_template = "admin/tracker/outbox/item.html"

    def get_urls(self) -> list[URLPattern]:
        """With the two steps that an item's page offers."""
        steps = (("again", self._again), ("aside", self._aside))
        ours = [
            path(f"<int:pk>/{name}/", _posted(self, step), name=f"tracker_outboxitem_{name}") for name, step in steps
        ]
        return [*ours, *super().get_urls()]

    @admin.action(description=gettext_lazy("Send again what was given up"), permissions=["view"])
    def send_again(self, request: HttpRequest, chosen: QuerySet[OutboxItem]) -> None:
        """Send the chosen ones again, as far as they were given up."""
        ids = list(chosen.values_list("pk", flat=True))
        _say(request, receivers.send_again(ids, by=_user(request), now=timezone.now()))

    @admin.action(description=gettext_lazy("Put aside what was given up"), permissions=["view"])
    def put_aside(self, request: HttpRequest, chosen: QuerySet[OutboxItem]) -> None:
        """Want the chosen ones no more, as far as they were given up."""
        ids = list(chosen.values_list("pk", flat=True))
        _say_aside(request, receivers.put_aside(ids, by=_user(request), now=timezone.now()))

    def _again(self, request: HttpRequest, pk: int) -> HttpResponse:
        _say(request, receivers.send_again([pk], by=_user(request), now=timezone.now()))
        return redirect("admin:tracker_outboxitem_change", pk)

    def _aside(self, request: HttpRequest, pk: int) -> HttpResponse:
        _say_aside(request, receivers.put_aside([pk], by=_user(request), now=timezone.now()))
        return redirect("admin:tracker_outboxitem_change", pk)

    @display(description=gettext_lazy("State"), ordering="state", label=_STATES)
    def state_badge(self, row: OutboxItem) -> tuple[str, str]:
        """The state as a badge."""
        return row.state, row.get_state_display()

    @display(description=gettext_lazy("To"))
    def to(self, row: OutboxItem) -> str:
        """The receiver, or the person."""
        return str(row.endpoint or row.person)

    @display(description=gettext_lazy("Next try"), ordering="next_try_at")
    def next_try(self, row: OutboxItem) -> Any:
        """When it is tried again, where it waits."""
        return row.next_try_at if row.state == OutboxState.WAITING else None


def _posted(of: ForAdministrators, step: Callable[[HttpRequest, int], HttpResponse]) -> Callable[..., HttpResponse]:
    """The view of a step on one record: for administrators, by POST only; a refusal is said on the record's page."""

    def view(request: HttpRequest, pk: int) -> HttpResponse:
        if not of.has_view_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not of.model._default_manager.filter(pk=pk).exists():
            raise Http404
        try:
            return step(request, pk)
        except RefusedError as error:
            messages.error(request, str(error))
            return redirect(reverse(f"admin:tracker_{of.model._meta.model_name}_change", args=[pk]))

    guarded: Callable[..., HttpResponse] = of.admin_site.admin_view(view)
    return guarded


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101  (for the type checker)
    return request.user


def _say(request: HttpRequest, number: int) -> None:
    told = ngettext("%(n)s item is sent again.", "%(n)s items are sent again.", number)
    messages.success(request, told % {"n": number})


def _say_aside(request: HttpRequest, number: int) -> None:
    told = ngettext("%(n)s item is put aside.", "%(n)s items are put aside.", number)
    messages.success(request, told % {"n": number})
