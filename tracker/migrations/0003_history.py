"""The history: roles, the schema `audit` and its functions. The triggers follow after every `migrate` (see
`tracker.history.installing`). There is no way back: a history that can be dropped by a command is none.
"""

from __future__ import annotations

from typing import Any

from django.db import migrations, models

from tracker.history import installing


def create(apps: Any, schema_editor: Any) -> None:
    installing.create(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("tracker", "0002_same_text"), ("auth", "0012_alter_user_first_name_max_length")]

    operations = [
        migrations.RunPython(create),
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(verbose_name="at")),
                ("transaction", models.BigIntegerField(verbose_name="transaction")),
                ("model", models.TextField(verbose_name="model")),
                ("object_id", models.TextField(null=True, verbose_name="record")),
                ("part_of_model", models.TextField(null=True, verbose_name="part of")),
                ("part_of_id", models.TextField(null=True, verbose_name="part of record")),
                ("action", models.TextField(verbose_name="action")),
                ("actor", models.TextField(verbose_name="who")),
                ("actor_id", models.BigIntegerField(null=True, verbose_name="user")),
                ("unit", models.TextField(null=True, verbose_name="unit")),
                ("address", models.TextField(null=True, verbose_name="address")),
                ("database_role", models.TextField(verbose_name="database role")),
                ("reason", models.TextField(null=True, verbose_name="why")),
                ("request", models.TextField(null=True, verbose_name="request")),
                ("before", models.JSONField(null=True, verbose_name="before")),
                ("after", models.JSONField(null=True, verbose_name="after")),
            ],
            options={
                "verbose_name": "entry in the history",
                "verbose_name_plural": "history",
                "db_table": '"audit"."entry"',
                "ordering": ["-id"],
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="AuditSeal",
            fields=[
                ("position", models.BigIntegerField(primary_key=True, serialize=False)),
                ("hash", models.BinaryField()),
            ],
            options={
                "verbose_name": "place in the chain",
                "verbose_name_plural": "chain",
                "db_table": '"audit"."seal"',
                "ordering": ["position"],
                "managed": False,
            },
        ),
    ]
