"""Signing in and out, and the language of the screens."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tracker import rights
from tracker.models import Person

_YEAR = 365 * 24 * 60 * 60


class SignIn(LoginView):
    """The page on which staff sign in; afterwards it speaks the person's language, as `config.language` lets every
    other page do."""

    template_name = "tracker/login.html"
    redirect_authenticated_user = True

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Sign in, and take over the language that the person chose before."""
        response = super().form_valid(form)
        if person := rights.person_of(form.get_user()):
            _speak(response, person.language)
        return response


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Speak another language from here on, and keep it for the person; back to the page from which it was asked. 400
    for a language that is not spoken here."""
    language = request.POST.get("language", "")
    if language not in dict(settings.LANGUAGES):
        return HttpResponseBadRequest(_("There is no such language."), content_type="text/plain; charset=utf-8")
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = "/"
    response = HttpResponseRedirect(back)
    _speak(response, language)
    if request.user.is_authenticated:
        # Whoever is nobody here is a reader of no unit already; the row gives no right.
        Person.objects.update_or_create(user=request.user, defaults={"language": language})
    return response


def _speak(response: HttpResponse, language: str) -> None:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=_YEAR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
