from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("tracker", "0004_desk")]
    operations: list = []
