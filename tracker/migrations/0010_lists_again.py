"""The commitments of a party at 100,000: read off one index in their order."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tracker", "0008_lists")]

    operations = [
        migrations.AddIndex(
            model_name="obligor",
            index=models.Index(fields=["party", "commitment"], name="obligor_of_party"),
        ),
        # The new index begins with the party, so the old one is read by nobody.
        migrations.AlterField(
            model_name="obligor",
            name="party",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="obligations",
                to="tracker.party",
                verbose_name="party",
            ),
        ),
    ]
