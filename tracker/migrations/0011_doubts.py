"""What was doubtful in reading a file: kept with the text, to be told in the language of the page."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tracker", "0010_lists_again")]

    operations = [
        migrations.AddField(
            model_name="text",
            name="doubts",
            field=models.JSONField(
                blank=True,
                default=list,
                help_text="what was doubtful in reading the file, as the parser said it",
                verbose_name="doubts",
            ),
        ),
    ]
