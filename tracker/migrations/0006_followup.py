"""Follow-up: rules by row, people's answers to flags, reminders, the ladder, outbox, feeds, jobs; and the triggers that
note which commitments the sweep must look at again.
"""

import datetime
import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.datetime
import tracker.models.people
import uuid
from django.conf import settings
from django.db import migrations, models

from tracker.history import acting, installing


OCCASION_BACK = (
    "ALTER TABLE tracker_followup ALTER COLUMN occasion TYPE varchar(40) USING to_char(occasion, 'YYYY-MM-DD')"
)
DAYS_BACK = "ALTER TABLE tracker_followuprule ALTER COLUMN days TYPE smallint USING days[1]"
OCCASION = "ALTER TABLE tracker_followup ALTER COLUMN occasion TYPE date USING occasion::date"
DAYS = """
ALTER TABLE tracker_followuprule DROP CONSTRAINT IF EXISTS tracker_followuprule_days_check;
ALTER TABLE tracker_followuprule ALTER COLUMN days TYPE smallint[] USING ARRAY[days];
"""

# Statement triggers, so that bulk changes and raw SQL count too. The table's own schema, whatever the search path.
FORWARD = """
CREATE FUNCTION tracker_touch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('INSERT INTO %I.tracker_touched (commitment_id) SELECT DISTINCT %I FROM changed',
        TG_TABLE_SCHEMA, TG_ARGV[0]);
    RETURN NULL;
END $$;

CREATE FUNCTION tracker_touch_of_instrument() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('INSERT INTO %1$I.tracker_touched (commitment_id)
        SELECT c.id FROM changed n JOIN before o USING (id) JOIN %1$I.tracker_text t ON t.instrument_id = n.id
        JOIN %1$I.tracker_commitment c ON c.text_id = t.id WHERE n.unit_id IS DISTINCT FROM o.unit_id',
        TG_TABLE_SCHEMA);
    RETURN NULL;
END $$;

CREATE TRIGGER touch_insert AFTER INSERT ON tracker_commitment
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tracker_touch('id');
CREATE TRIGGER touch_update AFTER UPDATE ON tracker_commitment
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tracker_touch('id');
CREATE TRIGGER touch_update AFTER UPDATE ON tracker_instrument
    REFERENCING OLD TABLE AS before NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION tracker_touch_of_instrument();

DO $$
DECLARE
    part text;
BEGIN
    FOREACH part IN ARRAY ARRAY['obligor', 'addressee', 'commitmenttheme', 'submission', 'secondlook'] LOOP
        EXECUTE format('CREATE TRIGGER touch_insert AFTER INSERT ON %I
            REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tracker_touch(''commitment_id'')',
            'tracker_' || part);
        EXECUTE format('CREATE TRIGGER touch_update AFTER UPDATE ON %I
            REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tracker_touch(''commitment_id'')',
            'tracker_' || part);
        EXECUTE format('CREATE TRIGGER touch_delete AFTER DELETE ON %I
            REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tracker_touch(''commitment_id'')',
            'tracker_' || part);
    END LOOP;
END $$;
"""

BACKWARD = """
DROP FUNCTION tracker_touch() CASCADE;
DROP FUNCTION tracker_touch_of_instrument() CASCADE;
"""


def name_the_rules(apps, schema_editor):
    """Each flag was raised by the one rule of its reason."""
    with acting("migration"), schema_editor.connection.cursor() as cursor:
        cursor.execute(
            "UPDATE tracker_followup f SET rule_id = r.id FROM tracker_followuprule r WHERE r.reason = f.reason"
        )


def renew_the_history(apps, schema_editor):
    installing.renew(schema_editor.connection)


def forget_new_reasons(apps, schema_editor):
    """On the way back: one rule a reason, five reasons; flags that only newer rules raised go."""
    with acting("migration"), schema_editor.connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE newer ON COMMIT DROP AS SELECT id FROM tracker_followuprule r WHERE reason NOT IN"
            " ('overdue', 'due_soon', 'quiet', 'awaiting_date', 'review_waiting') OR EXISTS"
            " (SELECT FROM tracker_followuprule o WHERE o.reason = r.reason AND o.id < r.id)"
        )
        cursor.execute("DELETE FROM tracker_followup WHERE rule_id IN (SELECT id FROM newer)")
        cursor.execute("DELETE FROM tracker_followuprule WHERE id IN (SELECT id FROM newer)")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):

    dependencies = [
        ('tracker', '0005_intake'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CalendarDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField(verbose_name='day')),
                ('works', models.BooleanField(default=False, verbose_name='is worked')),
                ('name', models.CharField(max_length=100, verbose_name='name')),
            ],
            options={
                'verbose_name': 'day in the calendar',
                'verbose_name_plural': 'calendar',
                'ordering': ['on', 'unit'],
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('milliseconds', models.PositiveIntegerField(verbose_name='milliseconds')),
                ('delivered', models.BooleanField(verbose_name='delivered')),
                ('answer', models.CharField(help_text="the receiver's status, or what went wrong", max_length=300, verbose_name='answer')),
            ],
            options={
                'verbose_name': 'delivery',
                'verbose_name_plural': 'delivery log',
                'ordering': ['item', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Digest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField(verbose_name='on')),
            ],
            options={
                'verbose_name': "day's mail",
                'verbose_name_plural': "days' mails",
                'ordering': ['-on', 'person'],
            },
        ),
        migrations.CreateModel(
            name='Escalation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('level', models.PositiveSmallIntegerField(verbose_name='rung')),
                ('tells', models.CharField(choices=[('officer', 'the officer'), ('head', 'the head of unit'), ('control', 'the control service')], max_length=8, verbose_name='tells')),
                ('on', models.DateField(verbose_name='on')),
            ],
            options={
                'verbose_name': 'escalation',
                'verbose_name_plural': 'escalations',
                'ordering': ['followup', 'level'],
            },
        ),
        migrations.CreateModel(
            name='EscalationRung',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('level', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1)], verbose_name='rung')),
                ('after_days', models.PositiveSmallIntegerField(help_text='days since the follow-up was raised, without an acknowledgement', verbose_name='after days')),
                ('tells', models.CharField(choices=[('officer', 'the officer'), ('head', 'the head of unit'), ('control', 'the control service')], max_length=8, verbose_name='tells')),
            ],
            options={
                'verbose_name': 'rung of the ladder',
                'verbose_name_plural': 'ladder of escalation',
                'ordering': ['unit', 'level'],
            },
        ),
        migrations.CreateModel(
            name='Feed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('calendar', 'calendar of deadlines'), ('changes', 'feed of changes')], max_length=8, verbose_name='kind')),
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('query', models.CharField(blank=True, max_length=1000, verbose_name='filter')),
                ('digest', models.CharField(editable=False, max_length=64, unique=True, verbose_name='SHA-256 of the secret')),
                ('made_at', models.DateTimeField(editable=False, verbose_name='made at')),
                ('used_on', models.DateField(blank=True, editable=False, null=True, verbose_name='last used on')),
                ('revoked_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='revoked at')),
            ],
            options={
                'verbose_name': 'feed',
                'verbose_name_plural': 'feeds',
                'ordering': ['person', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='FollowUpComment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.TextField(max_length=4000, verbose_name='comment')),
                ('at', models.DateTimeField(verbose_name='at')),
            ],
            options={
                'verbose_name': 'comment on a follow-up',
                'verbose_name_plural': 'comments on a follow-up',
                'ordering': ['followup', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Job',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('sweep', 'full sweep'), ('rereading', 'reading all texts again'), ('import', 'spreadsheet import'), ('export', 'spreadsheet export')], max_length=10, verbose_name='kind')),
                ('wanted', models.JSONField(default=dict, verbose_name='what was asked for')),
                ('asked_at', models.DateTimeField(verbose_name='asked at')),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('running', 'running'), ('done', 'done'), ('cancelled', 'cancelled'), ('failed', 'failed')], default='waiting', max_length=10, verbose_name='state')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                ('started_at', models.DateTimeField(blank=True, null=True, verbose_name='started at')),
                ('alive_at', models.DateTimeField(blank=True, null=True, verbose_name='last sign of life')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='ended at')),
                ('done', models.PositiveIntegerField(default=0, verbose_name='done')),
                ('total', models.PositiveIntegerField(blank=True, null=True, verbose_name='of')),
                ('backend', models.IntegerField(blank=True, null=True, verbose_name='backend of the database')),
                ('cancel_asked_at', models.DateTimeField(blank=True, null=True, verbose_name='asked to stop at')),
                ('report', models.JSONField(default=dict, verbose_name='what came of it')),
                ('error', models.TextField(blank=True, verbose_name='why not')),
                ('file_name', models.CharField(blank=True, max_length=255, verbose_name='file name')),
                ('file', models.BinaryField(null=True, verbose_name='file')),
            ],
            options={
                'verbose_name': 'job',
                'verbose_name_plural': 'jobs',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='OutboxItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('event', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='id')),
                ('kind', models.CharField(choices=[('mail', 'mail'), ('webhook', 'webhook')], max_length=8, verbose_name='kind')),
                ('event_type', models.CharField(max_length=40, verbose_name='what it tells')),
                ('body', models.JSONField(verbose_name='what is sent')),
                ('made_at', models.DateTimeField(verbose_name='made at')),
                ('state', models.CharField(choices=[('waiting', 'waiting to be sent'), ('sent', 'sent'), ('dead', 'given up'), ('aside', 'put aside')], db_default='waiting', default='waiting', max_length=8, verbose_name='state')),
                ('attempts', models.PositiveSmallIntegerField(db_default=0, default=0, verbose_name='tries')),
                ('next_try_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='next try at')),
                ('leased_until', models.DateTimeField(blank=True, null=True, verbose_name='being sent until')),
                ('fence', models.PositiveIntegerField(db_default=0, default=0, verbose_name='claims')),
                ('settled_at', models.DateTimeField(blank=True, null=True, verbose_name='sent or given up at')),
            ],
            options={
                'verbose_name': 'item in the outbox',
                'verbose_name_plural': 'outbox',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='Reminder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('offset', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='days')),
                ('level', models.PositiveSmallIntegerField(default=0, verbose_name='rung')),
                ('after_pause', models.DateField(blank=True, help_text='the day to which it had been put off, where it is told again after that', null=True, verbose_name='put off until')),
            ],
            options={
                'verbose_name': 'reminder',
                'verbose_name_plural': 'reminders',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Touched',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('commitment_id', models.BigIntegerField(verbose_name='commitment')),
            ],
            options={
                'verbose_name': 'changed commitment',
                'verbose_name_plural': 'changed commitments',
            },
        ),
        migrations.CreateModel(
            name='WebhookEndpoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('url', models.URLField(max_length=1000, verbose_name='address')),
                ('events', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('followup.raised', 'a follow-up is raised'), ('followup.closed', 'a follow-up is closed'), ('commitment.status_changed', 'the status of a commitment changes'), ('commitment.deadline_changed', 'the last day of a commitment moves'), ('test', 'a test')], max_length=40), default=list, size=None, verbose_name='events')),
                ('secret', models.TextField(editable=False, verbose_name='secret')),
                ('previous_secret', models.TextField(blank=True, editable=False, verbose_name='previous secret')),
                ('previous_until', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='previous secret valid until')),
                ('enabled', models.BooleanField(default=True, verbose_name='enabled')),
                ('made_at', models.DateTimeField(editable=False, verbose_name='made at')),
            ],
            options={
                'verbose_name': 'receiver of webhooks',
                'verbose_name_plural': 'receivers of webhooks',
                'ordering': ['name'],
            },
        ),
        migrations.AlterModelOptions(
            name='followuprule',
            options={'ordering': ['reason', 'pk'], 'verbose_name': 'follow-up rule', 'verbose_name_plural': 'follow-up rules'},
        ),
        migrations.RemoveConstraint(
            model_name='followup',
            name='followup_reason_known',
        ),
        migrations.RemoveConstraint(
            model_name='followup',
            name='followup_closed_because_known',
        ),
        migrations.RemoveConstraint(
            model_name='followup',
            name='followup_occasion_filled',
        ),
        migrations.RemoveConstraint(
            model_name='followup',
            name='followup_occasion_once',
        ),
        migrations.RemoveConstraint(
            model_name='followup',
            name='followup_one_open_a_reason',
        ),
        migrations.RemoveConstraint(
            model_name='followuprule',
            name='followuprule_reason_known',
        ),
        migrations.AddField(
            model_name='commitment',
            name='evidence_until',
            field=models.DateField(blank=True, help_text='the last day of what was recorded last; empty where it does not expire', null=True, verbose_name='evidence valid until'),
        ),
        migrations.AddField(
            model_name='evidence',
            name='valid_until',
            field=models.DateField(blank=True, help_text='its last day, where it expires (an accreditation, a plan for a year); empty where it does not', null=True, verbose_name='valid until'),
        ),
        migrations.AddField(
            model_name='followup',
            name='acknowledged_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='acknowledged at'),
        ),
        migrations.AddField(
            model_name='followup',
            name='acknowledged_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='acknowledged_followups', to=settings.AUTH_USER_MODEL, verbose_name='acknowledged by'),
        ),
        migrations.AddField(
            model_name='followup',
            name='assigned_to',
            field=models.ForeignKey(blank=True, help_text='empty for whom the rule tells', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='followups', to='tracker.person', verbose_name='given to'),
        ),
        migrations.AddField(
            model_name='followup',
            name='rule',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='followups', to='tracker.followuprule', verbose_name='follow-up rule'),
        ),
        migrations.RunPython(name_the_rules, migrations.RunPython.noop),
        migrations.AlterField(
            model_name='followup',
            name='rule',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='followups', to='tracker.followuprule', verbose_name='follow-up rule'),
        ),
        migrations.AddField(
            model_name='followup',
            name='snoozed_until',
            field=models.DateField(blank=True, help_text='the first day on which it is to be looked at again', null=True, verbose_name='put off until'),
        ),
        migrations.AddField(
            model_name='followup',
            name='version',
            field=models.PositiveIntegerField(db_default=1, default=1, verbose_name='version'),
        ),
        migrations.AddField(
            model_name='followuprule',
            name='escalates',
            field=models.BooleanField(default=True, help_text='where nobody acknowledges it, others are told in turn', verbose_name='climbs the ladder'),
        ),
        migrations.AddField(
            model_name='followuprule',
            name='force',
            field=models.CharField(blank=True, choices=[('obligation', 'obligation'), ('commitment', 'commitment'), ('intention', 'intention'), ('request', 'request')], max_length=12, verbose_name='force'),
        ),
        migrations.AddField(
            model_name='followuprule',
            name='name',
            field=models.CharField(blank=True, help_text='where a reason has several rules', max_length=100, verbose_name='name'),
        ),
        migrations.AddField(
            model_name='followuprule',
            name='party',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tracker.party', verbose_name='party'),
        ),
        migrations.AddField(
            model_name='followuprule',
            name='regular_months',
            field=models.PositiveSmallIntegerField(default=12, help_text="what recurs 'regularly', without a stated period, is due so long after the last news of it", validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(120)], verbose_name='months of a regular duty'),
        ),
        migrations.AddField(
            model_name='followuprule',
            name='tells',
            field=models.CharField(choices=[('officer', 'the officer'), ('head', 'the head of unit'), ('control', 'the control service')], default='officer', max_length=8, verbose_name='tells'),
        ),
        migrations.AddField(
            model_name='followuprule',
            name='theme',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tracker.theme', verbose_name='theme'),
        ),
        migrations.AddField(
            model_name='followuprule',
            name='unit',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='tracker.unit', verbose_name='unit'),
        ),
        migrations.AddField(
            model_name='sweep',
            name='full',
            field=models.BooleanField(default=True, verbose_name='looked at everything'),
        ),
        migrations.AddField(
            model_name='sweep',
            name='law',
            field=models.CharField(blank=True, max_length=64, verbose_name='digest of the rules'),
        ),
        migrations.AddField(
            model_name='sweep',
            name='touched',
            field=models.PositiveIntegerField(default=0, verbose_name='changed commitments'),
        ),
        migrations.AddField(
            model_name='unit',
            name='controls',
            field=models.BooleanField(default=False, help_text='its people are told when nobody else has acted; only those who may see the record', verbose_name='control service'),
        ),
        migrations.AddField(
            model_name='unit',
            name='mail_from',
            field=models.TimeField(default=datetime.time(9, 0), help_text='no mail earlier in the day', verbose_name='mail from'),
        ),
        migrations.AddField(
            model_name='unit',
            name='mail_until',
            field=models.TimeField(default=datetime.time(18, 0), help_text='no mail later in the day', verbose_name='mail until'),
        ),
        migrations.AddField(
            model_name='unit',
            name='working_days',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(7)]), default=tracker.models.people._working_week, help_text='1 is Monday, 7 is Sunday, separated by commas; holidays are in the calendar', size=None, verbose_name='working days'),
        ),
        migrations.AlterField(
            model_name='followup',
            name='closed_because',
            field=models.CharField(blank=True, choices=[('status', 'the promise is no longer open'), ('reviewed', 'the reading was reviewed'), ('rejected', 'the reading was rejected'), ('another_text', 'another text of the instrument leads'), ('evidence', 'there is news of it'), ('date_changed', 'its date was set or changed'), ('day_passed', 'its day has passed'), ('settled', 'somebody looked again'), ('decided', 'the extension was decided'), ('rule_changed', 'the rule was changed')], max_length=12, verbose_name='closed because'),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(OCCASION, OCCASION_BACK)],
            state_operations=[
                migrations.AlterField(
                    model_name='followup',
                    name='occasion',
                    field=models.DateField(verbose_name='occasion'),
                ),
            ],
        ),
        migrations.AlterField(
            model_name='followup',
            name='reason',
            field=models.CharField(choices=[('overdue', 'overdue'), ('due_soon', 'due soon'), ('quiet', 'quiet'), ('awaiting_date', 'awaiting a date'), ('request_unanswered', 'request unanswered'), ('recurrence_due', 'recurrence due'), ('review_waiting', 'review waiting'), ('source_changed', 'source changed'), ('evidence_expiring', 'evidence expiring'), ('extension_asked', 'extension asked')], max_length=20, verbose_name='reason'),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(DAYS, DAYS_BACK)],
            state_operations=[
                migrations.AlterField(
                    model_name='followuprule',
                    name='days',
                    field=django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(validators=[django.core.validators.MaxValueValidator(3650)]), help_text='one reminder at each of them, separated by commas, such as 90, 30, 7', size=12, verbose_name='days'),
                ),
            ],
        ),
        migrations.AlterField(
            model_name='followuprule',
            name='reason',
            field=models.CharField(choices=[('overdue', 'overdue'), ('due_soon', 'due soon'), ('quiet', 'quiet'), ('awaiting_date', 'awaiting a date'), ('request_unanswered', 'request unanswered'), ('recurrence_due', 'recurrence due'), ('review_waiting', 'review waiting'), ('source_changed', 'source changed'), ('evidence_expiring', 'evidence expiring'), ('extension_asked', 'extension asked')], max_length=20, verbose_name='reason'),
        ),
        migrations.AddIndex(
            model_name='commitment',
            index=models.Index(condition=models.Q(('counted', True), models.Q(('review', 'rejected'), _negated=True), ('status__in', ('not_started', 'in_progress')), ('force', 'request'), ('last_evidence_on__isnull', True)), fields=['made_on'], name='commitment_unanswered'),
        ),
        migrations.AddIndex(
            model_name='commitment',
            index=models.Index(models.F('recurrence'), django.db.models.functions.comparison.Coalesce('last_evidence_on', 'made_on'), condition=models.Q(('counted', True), models.Q(('review', 'rejected'), _negated=True), ('status__in', ('not_started', 'in_progress')), models.Q(('recurrence', ''), _negated=True)), name='commitment_open_recurring'),
        ),
        migrations.AddIndex(
            model_name='commitment',
            index=models.Index(condition=models.Q(('counted', True), models.Q(('review', 'rejected'), _negated=True), ('evidence_until__isnull', False)), fields=['evidence_until'], name='commitment_evidence_until'),
        ),
        migrations.AddIndex(
            model_name='followup',
            index=models.Index(condition=models.Q(('reason', 'due_soon'), ('state', 'open')), fields=['occasion'], name='followup_open_due_soon'),
        ),
        migrations.AddConstraint(
            model_name='followup',
            constraint=models.CheckConstraint(condition=models.Q(('reason__in', ['overdue', 'due_soon', 'quiet', 'awaiting_date', 'request_unanswered', 'recurrence_due', 'review_waiting', 'source_changed', 'evidence_expiring', 'extension_asked'])), name='followup_reason_known'),
        ),
        migrations.AddConstraint(
            model_name='followup',
            constraint=models.CheckConstraint(condition=models.Q(('closed_because__in', ['status', 'reviewed', 'rejected', 'another_text', 'evidence', 'date_changed', 'day_passed', 'settled', 'decided', 'rule_changed', ''])), name='followup_closed_because_known'),
        ),
        migrations.AddConstraint(
            model_name='followup',
            constraint=models.UniqueConstraint(fields=('commitment', 'rule', 'occasion'), name='followup_occasion_once'),
        ),
        migrations.AddConstraint(
            model_name='followup',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('commitment', 'rule'), name='followup_one_open_a_rule'),
        ),
        migrations.AddConstraint(
            model_name='followup',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('acknowledged_at__isnull', True), ('acknowledged_by__isnull', True)), models.Q(('acknowledged_at__isnull', False), ('acknowledged_by__isnull', False)), _connector='OR'), name='followup_acknowledged_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='followuprule',
            constraint=models.CheckConstraint(condition=models.Q(('reason__in', ['overdue', 'due_soon', 'quiet', 'awaiting_date', 'request_unanswered', 'recurrence_due', 'review_waiting', 'source_changed', 'evidence_expiring', 'extension_asked'])), name='followuprule_reason_known'),
        ),
        migrations.AddConstraint(
            model_name='followuprule',
            constraint=models.CheckConstraint(condition=models.Q(('force__in', ['obligation', 'commitment', 'intention', 'request', ''])), name='followuprule_force_known'),
        ),
        migrations.AddConstraint(
            model_name='followuprule',
            constraint=models.CheckConstraint(condition=models.Q(('tells__in', ['officer', 'head', 'control'])), name='followuprule_tells_known'),
        ),
        migrations.AddConstraint(
            model_name='followuprule',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('days', []), _negated=True), ('days__0__gte', 0)), name='followuprule_has_days'),
        ),
        migrations.AddConstraint(
            model_name='followuprule',
            constraint=models.CheckConstraint(condition=models.Q(('regular_months__gte', 1)), name='followuprule_months_of_regular'),
        ),
        migrations.AddConstraint(
            model_name='unit',
            constraint=models.CheckConstraint(condition=models.Q(('working_days__contained_by', [1, 2, 3, 4, 5, 6, 7]), models.Q(('working_days', []), _negated=True)), name='unit_days_of_the_week'),
        ),
        migrations.AddConstraint(
            model_name='unit',
            constraint=models.CheckConstraint(condition=models.Q(('mail_until__gt', models.F('mail_from'))), name='unit_mail_has_hours'),
        ),
        migrations.AddField(
            model_name='calendarday',
            name='unit',
            field=models.ForeignKey(blank=True, help_text="empty for every unit; a unit's own entry counts before it", null=True, on_delete=django.db.models.deletion.CASCADE, related_name='calendar', to='tracker.unit', verbose_name='unit'),
        ),
        migrations.AddField(
            model_name='digest',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='digests', to='tracker.person', verbose_name='person'),
        ),
        migrations.AddField(
            model_name='escalation',
            name='followup',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='escalations', to='tracker.followup', verbose_name='follow-up'),
        ),
        migrations.AddField(
            model_name='escalationrung',
            name='unit',
            field=models.ForeignKey(blank=True, help_text='empty for every unit that has no ladder of its own', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='ladder', to='tracker.unit', verbose_name='unit'),
        ),
        migrations.AddField(
            model_name='feed',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='feeds', to='tracker.person', verbose_name='person'),
        ),
        migrations.AddField(
            model_name='followupcomment',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='followup_comments', to=settings.AUTH_USER_MODEL, verbose_name='by'),
        ),
        migrations.AddField(
            model_name='followupcomment',
            name='followup',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='comments', to='tracker.followup', verbose_name='follow-up'),
        ),
        migrations.AddField(
            model_name='job',
            name='asked_by',
            field=models.ForeignKey(blank=True, help_text='empty for the sweep and for commands', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='jobs', to=settings.AUTH_USER_MODEL, verbose_name='asked by'),
        ),
        migrations.AddField(
            model_name='job',
            name='cancel_asked_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cancelled_jobs', to=settings.AUTH_USER_MODEL, verbose_name='asked to stop by'),
        ),
        migrations.AddField(
            model_name='outboxitem',
            name='person',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tracker.person', verbose_name='person'),
        ),
        migrations.AddField(
            model_name='digest',
            name='mail',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='digest', to='tracker.outboxitem', verbose_name='mail'),
        ),
        migrations.AddField(
            model_name='delivery',
            name='item',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='tracker.outboxitem', verbose_name='item in the outbox'),
        ),
        migrations.AddField(
            model_name='reminder',
            name='digest',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reminders', to='tracker.digest', verbose_name="day's mail"),
        ),
        migrations.AddField(
            model_name='reminder',
            name='followup',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reminders', to='tracker.followup', verbose_name='follow-up'),
        ),
        migrations.AddField(
            model_name='reminder',
            name='recipient',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reminders', to='tracker.person', verbose_name='recipient'),
        ),
        migrations.AddField(
            model_name='webhookendpoint',
            name='made_by',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='made by'),
        ),
        migrations.AddField(
            model_name='webhookendpoint',
            name='unit',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tracker.unit', verbose_name='unit'),
        ),
        migrations.AddField(
            model_name='outboxitem',
            name='endpoint',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='items', to='tracker.webhookendpoint', verbose_name='receiver of webhooks'),
        ),
        migrations.AddConstraint(
            model_name='calendarday',
            constraint=models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='calendarday_name_filled'),
        ),
        migrations.AddConstraint(
            model_name='calendarday',
            constraint=models.UniqueConstraint(fields=('on', 'unit'), name='calendarday_once_a_unit'),
        ),
        migrations.AddConstraint(
            model_name='calendarday',
            constraint=models.UniqueConstraint(condition=models.Q(('unit__isnull', True)), fields=('on',), name='calendarday_once'),
        ),
        migrations.AddConstraint(
            model_name='escalation',
            constraint=models.CheckConstraint(condition=models.Q(('tells__in', ['officer', 'head', 'control'])), name='escalation_tells_known'),
        ),
        migrations.AddConstraint(
            model_name='escalation',
            constraint=models.UniqueConstraint(fields=('followup', 'level'), name='escalation_once_a_rung'),
        ),
        migrations.AddConstraint(
            model_name='escalationrung',
            constraint=models.CheckConstraint(condition=models.Q(('tells__in', ['officer', 'head', 'control'])), name='escalationrung_tells_known'),
        ),
        migrations.AddConstraint(
            model_name='escalationrung',
            constraint=models.CheckConstraint(condition=models.Q(('level__gte', 1)), name='escalationrung_from_one'),
        ),
        migrations.AddConstraint(
            model_name='escalationrung',
            constraint=models.UniqueConstraint(fields=('unit', 'level'), name='escalationrung_once_a_unit'),
        ),
        migrations.AddConstraint(
            model_name='escalationrung',
            constraint=models.UniqueConstraint(condition=models.Q(('unit__isnull', True)), fields=('level',), name='escalationrung_once'),
        ),
        migrations.AddConstraint(
            model_name='feed',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['calendar', 'changes'])), name='feed_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='feed',
            constraint=models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='feed_name_filled'),
        ),
        migrations.AddConstraint(
            model_name='feed',
            constraint=models.CheckConstraint(condition=models.Q(('digest__regex', '^[0-9a-f]{64}$')), name='feed_digest_hex'),
        ),
        migrations.AddConstraint(
            model_name='followupcomment',
            constraint=models.CheckConstraint(condition=models.Q(('words', ''), _negated=True), name='followupcomment_words_filled'),
        ),
        migrations.AddIndex(
            model_name='job',
            index=models.Index(condition=models.Q(('state__in', ('waiting', 'running'))), fields=['id'], name='job_to_do'),
        ),
        migrations.AddConstraint(
            model_name='job',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['sweep', 'rereading', 'import', 'export'])), name='job_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='job',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'running', 'done', 'cancelled', 'failed'])), name='job_state_known'),
        ),
        migrations.AddConstraint(
            model_name='job',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'failed'), _negated=True), models.Q(('error', ''), _negated=True), _connector='OR'), name='job_failed_says_why'),
        ),
        migrations.AddConstraint(
            model_name='job',
            constraint=models.CheckConstraint(condition=models.Q(('file__isnull', True), models.Q(('file_name', ''), _negated=True), _connector='OR'), name='job_file_has_a_name'),
        ),
        migrations.AddConstraint(
            model_name='digest',
            constraint=models.UniqueConstraint(fields=('person', 'on'), name='digest_once_a_day'),
        ),
        migrations.AddConstraint(
            model_name='reminder',
            constraint=models.UniqueConstraint(condition=models.Q(('after_pause__isnull', True), ('level', 0)), fields=('followup', 'recipient', 'offset'), name='reminder_once_an_occasion'),
        ),
        migrations.AddConstraint(
            model_name='reminder',
            constraint=models.UniqueConstraint(condition=models.Q(('after_pause__isnull', False), ('level', 0)), fields=('followup', 'recipient', 'offset', 'after_pause'), name='reminder_once_a_pause'),
        ),
        migrations.AddConstraint(
            model_name='reminder',
            constraint=models.UniqueConstraint(condition=models.Q(('level__gt', 0)), fields=('followup', 'recipient', 'level'), name='reminder_once_a_rung'),
        ),
        migrations.AddConstraint(
            model_name='reminder',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('level', 0), ('offset__isnull', False)), models.Q(('level__gt', 0), ('offset__isnull', True)), _connector='OR'), name='reminder_of_a_day_or_a_rung'),
        ),
        migrations.AddConstraint(
            model_name='webhookendpoint',
            constraint=models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='webhookendpoint_name_filled'),
        ),
        migrations.AddConstraint(
            model_name='webhookendpoint',
            constraint=models.CheckConstraint(condition=models.Q(('secret', ''), _negated=True), name='webhookendpoint_secret_filled'),
        ),
        migrations.AddIndex(
            model_name='outboxitem',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['endpoint', 'next_try_at'], name='outboxitem_of_receiver'),
        ),
        migrations.AddIndex(
            model_name='outboxitem',
            index=models.Index(condition=models.Q(('state', 'dead')), fields=['settled_at'], name='outboxitem_dead'),
        ),
        migrations.AddIndex(
            model_name='outboxitem',
            index=models.Index(models.F('endpoint'), models.OrderBy(models.F('id'), descending=True), name='outboxitem_of_endpoint'),
        ),
        migrations.AddConstraint(
            model_name='outboxitem',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['mail', 'webhook'])), name='outboxitem_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='outboxitem',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'sent', 'dead', 'aside'])), name='outboxitem_state_known'),
        ),
        migrations.AddConstraint(
            model_name='outboxitem',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('endpoint__isnull', True), ('kind', 'mail'), ('person__isnull', False)), models.Q(('endpoint__isnull', False), ('kind', 'webhook'), ('person__isnull', True)), _connector='OR'), name='outboxitem_goes_to_somebody'),
        ),
        migrations.AddConstraint(
            model_name='outboxitem',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('settled_at__isnull', True), ('state', 'waiting')), models.Q(models.Q(('state', 'waiting'), _negated=True), ('settled_at__isnull', False)), _connector='OR'), name='outboxitem_settled_at_a_moment'),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.RunPython(renew_the_history, migrations.RunPython.noop),
        migrations.RunPython(migrations.RunPython.noop, forget_new_reasons),
    ]
