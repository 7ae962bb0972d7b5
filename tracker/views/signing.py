"""Signing in and out, and the language of the screens."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from tracker import rights
from tracker.models import Person

_YEAR = 365 * 24 * 60 * 60


class SignIn(LoginView):
    """The page on which staff sign in; the screens then speak the person's language."""

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
    """Speak another language from here on, and remember it for the person; back to the page from which it was asked."""
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = "/"
    response = HttpResponseRedirect(back)
    language = request.POST.get("language", "")
    if language in dict(settings.LANGUAGES):
        _speak(response, language)
        if request.user.is_authenticated:
            Person.objects.filter(user=request.user.pk).update(language=language)
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
