from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("tracker", "0002_same_text")]
    operations: list = []
