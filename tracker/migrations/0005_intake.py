"""Intake and reading again: uploads, the steps of a review, second looks."""

import django.core.serializers.json
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tracker', '0004_desk'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Rereading',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('parser_before', models.CharField(max_length=20, verbose_name='parser version before')),
                ('parser_version', models.CharField(max_length=20, verbose_name='parser version')),
                ('kept', models.PositiveIntegerField(verbose_name='kept')),
                ('moved', models.PositiveIntegerField(verbose_name='moved')),
                ('changed', models.PositiveIntegerField(verbose_name='changed')),
                ('gained', models.PositiveIntegerField(verbose_name='gained')),
                ('lost', models.PositiveIntegerField(verbose_name='lost')),
                ('what', models.JSONField(default=dict, verbose_name='which')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('by', models.ForeignKey(blank=True, help_text='empty for a command or a task', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='rereadings', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('replaced', models.ForeignKey(blank=True, help_text='empty where the same bytes were read again', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='tracker.text', verbose_name='replaced text')),
                ('text', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rereadings', to='tracker.text', verbose_name='text')),
            ],
            options={
                'verbose_name': 'reading again',
                'verbose_name_plural': 'readings again',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='ReviewStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('act', models.CharField(choices=[('confirmed', 'confirmed'), ('amended', 'amended'), ('rejected', 'rejected'), ('added', 'added'), ('split', 'split'), ('merged', 'merged'), ('looked', 'looked at again'), ('undone', 'undone')], max_length=10, verbose_name='what was done')),
                ('before', models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name='before')),
                ('after', models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name='after')),
                ('version', models.PositiveIntegerField(verbose_name='version')),
                ('others_before', models.JSONField(blank=True, default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name='the other before')),
                ('others_version', models.PositiveIntegerField(blank=True, null=True, verbose_name='version of the other')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='review_steps', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('commitment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='review_steps', to='tracker.commitment', verbose_name='commitment')),
                ('other', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='tracker.commitment', verbose_name='the other commitment')),
                ('undoes', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='undone_by', to='tracker.reviewstep', verbose_name='undoes')),
            ],
            options={
                'verbose_name': 'review step',
                'verbose_name_plural': 'review steps',
                'ordering': ['commitment', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('act__in', ['confirmed', 'amended', 'rejected', 'added', 'split', 'merged', 'looked', 'undone'])), name='reviewstep_act_known'), models.CheckConstraint(condition=models.Q(models.Q(('act', 'undone'), ('undoes__isnull', False)), models.Q(models.Q(('act', 'undone'), _negated=True), ('undoes__isnull', True)), _connector='OR'), name='reviewstep_undone_undoes')],
            },
        ),
        migrations.CreateModel(
            name='SecondLook',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(choices=[('changed', 'its words in the text have changed'), ('lost', 'it was not found again in the text')], max_length=8, verbose_name='reason')),
                ('words_before', models.TextField(verbose_name='words before')),
                ('settled_at', models.DateTimeField(blank=True, null=True, verbose_name='settled at')),
                ('commitment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='second_looks', to='tracker.commitment', verbose_name='commitment')),
                ('rereading', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='second_looks', to='tracker.rereading', verbose_name='reading again')),
                ('settled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='second_looks', to=settings.AUTH_USER_MODEL, verbose_name='settled by')),
            ],
            options={
                'verbose_name': 'second look',
                'verbose_name_plural': 'second looks',
                'ordering': ['commitment', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('reason__in', ['changed', 'lost'])), name='secondlook_reason_known'), models.UniqueConstraint(condition=models.Q(('settled_at__isnull', True)), fields=('commitment', 'reason'), name='secondlook_one_open'), models.CheckConstraint(condition=models.Q(models.Q(('settled_at__isnull', True), ('settled_by__isnull', True)), models.Q(('settled_at__isnull', False), ('settled_by__isnull', False)), _connector='OR'), name='secondlook_settled_by_somebody')],
            },
        ),
        migrations.CreateModel(
            name='Upload',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=255, verbose_name='name')),
                ('content', models.BinaryField(null=True, verbose_name='bytes')),
                ('size', models.PositiveIntegerField(verbose_name='size in bytes')),
                ('sha256', models.CharField(max_length=64, verbose_name='SHA-256 of the bytes')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('language', models.CharField(choices=[('en', 'English'), ('kk', 'Қазақша'), ('ru', 'Русский')], default='en', max_length=2, verbose_name='language of its messages')),
                ('signed_on', models.DateField(blank=True, help_text='where the text itself has no day', null=True, verbose_name='signed on')),
                ('standing', models.CharField(blank=True, choices=[('authentic', 'authentic'), ('translation', 'translation'), ('press_copy', 'press copy')], default='press_copy', max_length=12, verbose_name='standing')),
                ('apart', models.BooleanField(default=False, help_text='the same words are here already, and it is another instrument', verbose_name='of its own')),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('reading', 'being read'), ('asks', 'asks you'), ('done', 'done'), ('failed', 'not read')], default='waiting', max_length=8, verbose_name='state')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                ('started_at', models.DateTimeField(blank=True, null=True, verbose_name='reading began at')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='ended at')),
                ('error', models.TextField(blank=True, verbose_name='why not')),
                ('ending', models.CharField(blank=True, choices=[('stored', 'stored as a new instrument'), ('attached', 'stored as another text of an instrument'), ('known', 'these very bytes were here already'), ('kept', 'the text that was here was kept'), ('reread', 'the text was read again')], max_length=8, verbose_name='what came of it')),
                ('reading', models.BinaryField(null=True, verbose_name='what was found')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='uploads', to=settings.AUTH_USER_MODEL, verbose_name='brought in by')),
                ('instrument', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='uploads', to='tracker.instrument', verbose_name='another text of')),
                ('replaces', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='replacements', to='tracker.text', verbose_name='replaces')),
                ('text', models.ForeignKey(blank=True, help_text='what it became, or the text that has the same words', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='uploads', to='tracker.text', verbose_name='text')),
            ],
            options={
                'verbose_name': 'upload',
                'verbose_name_plural': 'uploads',
                'ordering': ['-pk'],
                'indexes': [models.Index(models.F('id'), condition=models.Q(('state__in', ('waiting', 'reading'))), name='upload_to_read')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'reading', 'asks', 'done', 'failed'])), name='upload_state_known'), models.CheckConstraint(condition=models.Q(('ending__in', ['stored', 'attached', 'known', 'kept', 'reread', ''])), name='upload_ending_known'), models.CheckConstraint(condition=models.Q(('standing__in', ['authentic', 'translation', 'press_copy', ''])), name='upload_standing_known'), models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='upload_name_filled'), models.CheckConstraint(condition=models.Q(('sha256__regex', '^[0-9a-f]{64}$')), name='upload_sha256_hex'), models.CheckConstraint(condition=models.Q(('content__isnull', False), ('state', 'done'), _connector='OR'), name='upload_bytes_are_kept'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'failed'), _negated=True), models.Q(('error', ''), _negated=True), _connector='OR'), name='upload_failed_says_why'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'done'), _negated=True), models.Q(('ending', ''), _negated=True), _connector='OR'), name='upload_done_says_how'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'reading'), _negated=True), ('started_at__isnull', False), _connector='OR'), name='upload_reading_has_begun')],
            },
        ),
    ]
