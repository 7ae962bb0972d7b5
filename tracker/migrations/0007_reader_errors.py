"""Why an upload could not be read, as a code and values beside the words, so that it is told in any language."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tracker", "0006_followup"),
    ]

    operations = [
        migrations.AddField(
            model_name="upload",
            name="fault",
            field=models.JSONField(blank=True, editable=False, null=True, verbose_name="why not, as a code"),
        ),
    ]
