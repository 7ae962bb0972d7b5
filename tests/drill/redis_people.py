"""Run inside an installation by the drills: an administrator with an address, and a text that holds commitments."""

from __future__ import annotations

import json
import sys


def main(password: str) -> None:
    """Make them; their ids, as JSON."""
    import django

    django.setup()
    from django.contrib.auth.models import User

    from tests.tracker.makers import make_text
    from tracker.models import Person
    from tracker.models.vocabulary import PersonRole

    user = User.objects.create_superuser("visitor", "visitor@example.org", password)
    person = Person.objects.create(user=user, role=PersonRole.ADMINISTRATOR)
    sys.stdout.write(json.dumps({"user": user.pk, "person": person.pk, "text": make_text().pk}))


if __name__ == "__main__":
    main(sys.argv[1])
