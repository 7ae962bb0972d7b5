"""The outbox under fire: `bin/drill outbox`. Relays are killed while they send to receivers of which three in ten fail.

Mails and webhooks leave for servers of this machine that answer 500 or 429, reset, hang, or drip. Every item must
arrive, repeats only under its own id, every signature be right. The controls send in two careless ways: one must lose
items, the other send them twice, or this drill proves nothing. The exit status is 1 where anything is otherwise.
"""

from __future__ import annotations

import argparse
import os
import sys

from tests.drill.rig import rig

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


def main() -> int:
    """Run the drill and its controls, each in an installation of its own database; print the figures."""
    parser = argparse.ArgumentParser(prog="bin/drill outbox")
    parser.add_argument("--items", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=100)
    asked = parser.parse_args()
    with rig() as installation:
        os.environ.update(installation.environment)
        os.environ["LOG_LEVEL"] = "CRITICAL"
        import django

        django.setup()
        return _tried(asked.items, asked.kills, installation.environment)


def _tried(items: int, kills: int, environment: dict[str, str]) -> int:
    from tests.tracker.killing import Plan, drill
    from tracker.outbox.relay import AT_ONCE

    plan = Plan(items, kills, processes=4, between=(0.5, 2.0), lease=10.0, patience=1800.0)
    figures = drill(plan, environment)
    print(f"outbox: {figures.line()}", flush=True)
    right = (figures.sent, figures.lost, figures.strange, figures.unsigned) == (items, 0, 0, 0)
    right = right and figures.kills == kills and figures.raw <= kills * AT_ONCE
    _forget()
    first = drill(Plan(1000, 5, how="marked first", failing=0.0, processes=1, between=(0.0, 0.2)), environment)
    print(f"control, marked before it is sent: {first.line()}", flush=True)
    _forget()
    bare = drill(Plan(500, 0, how="without a lease", failing=0.0, processes=4), environment)
    print(f"control, without a lease: {bare.line()}", flush=True)
    return 0 if right and first.lost and bare.raw > kills else 1


def _forget() -> None:
    """An empty outbox for the next run."""
    from tracker.models import Delivery, OutboxItem, WebhookEndpoint

    Delivery.objects.all().delete()
    OutboxItem.objects.all().delete()
    WebhookEndpoint.objects.all().delete()


if __name__ == "__main__":
    sys.exit(main())
