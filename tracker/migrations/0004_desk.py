"""The desk: evidence, extensions, the second person, themes, relations, notes, hand-overs.

What no single row can hold is held by foreign keys over two columns (as in 0002) and one trigger, at the end.
"""

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.comparison
from django.conf import settings
from django.db import migrations, models

# The links of earlier steps become evidence; pending checks are done at once, so that the tables can be altered.
COPY_LINKS = """
INSERT INTO tracker_evidence (step_id, link, file_name)
    SELECT id, evidence, '' FROM tracker_statusstep WHERE evidence <> '';
SET CONSTRAINTS ALL IMMEDIATE;
"""

FORWARD = """
ALTER TABLE tracker_evidencefile
    ADD CONSTRAINT evidencefile_sum_and_size_are_of_the_bytes
        CHECK (sha256 = encode(sha256(content), 'hex') AND size = octet_length(content)),
    ADD CONSTRAINT evidencefile_size_is_kept_small CHECK (size BETWEEN 1 AND 25000000);

-- Two levels: whoever has a parent is none. Both columns follow from parent_id alone.
ALTER TABLE tracker_theme
    ADD COLUMN top boolean GENERATED ALWAYS AS (parent_id IS NULL) STORED,
    ADD COLUMN below_top boolean GENERATED ALWAYS AS (CASE WHEN parent_id IS NOT NULL THEN true END) STORED,
    ADD CONSTRAINT theme_top_of_id UNIQUE (id, top),
    ADD CONSTRAINT theme_has_two_levels
        FOREIGN KEY (parent_id, below_top) REFERENCES tracker_theme (id, top) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE tracker_submission
    ADD CONSTRAINT submission_commitment_of_id UNIQUE (commitment_id, id),
    ADD CONSTRAINT submission_obligor_of_same_commitment
        FOREIGN KEY (commitment_id, obligor_id) REFERENCES tracker_obligor (commitment_id, id)
        DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE tracker_statusstep ADD CONSTRAINT statusstep_submission_of_same_commitment
    FOREIGN KEY (commitment_id, submission_id) REFERENCES tracker_submission (commitment_id, id)
    DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE tracker_deadlinestep ADD CONSTRAINT deadlinestep_submission_of_same_commitment
    FOREIGN KEY (commitment_id, submission_id) REFERENCES tracker_submission (commitment_id, id)
    DEFERRABLE INITIALLY DEFERRED;

-- A verdict has evidence when its transaction ends, whoever writes it.
CREATE FUNCTION tracker_verdict_has_evidence() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM tracker_statusstep WHERE id = NEW.id)
        AND NOT EXISTS (SELECT FROM tracker_evidence WHERE step_id = NEW.id) THEN
        RAISE EXCEPTION 'statusstep_verdict_has_evidence: step % has none', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'statusstep_verdict_has_evidence';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER statusstep_verdict_has_evidence
    AFTER INSERT OR UPDATE OF to_status ON tracker_statusstep
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.to_status IN ('fulfilled', 'partly_fulfilled', 'not_fulfilled'))
    EXECUTE FUNCTION tracker_verdict_has_evidence();
"""

BACKWARD = """
DROP TRIGGER statusstep_verdict_has_evidence ON tracker_statusstep;
DROP FUNCTION tracker_verdict_has_evidence();
ALTER TABLE tracker_deadlinestep DROP CONSTRAINT deadlinestep_submission_of_same_commitment;
ALTER TABLE tracker_statusstep DROP CONSTRAINT statusstep_submission_of_same_commitment;
ALTER TABLE tracker_submission
    DROP CONSTRAINT submission_obligor_of_same_commitment, DROP CONSTRAINT submission_commitment_of_id;
ALTER TABLE tracker_theme
    DROP CONSTRAINT theme_has_two_levels, DROP CONSTRAINT theme_top_of_id, DROP COLUMN below_top, DROP COLUMN top;
ALTER TABLE tracker_evidencefile
    DROP CONSTRAINT evidencefile_sum_and_size_are_of_the_bytes, DROP CONSTRAINT evidencefile_size_is_kept_small;
"""


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("tracker", "0003_history"),
    ]

    operations = [
        migrations.CreateModel(
            name='CommitmentTheme',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ],
            options={
                'verbose_name': 'theme of a commitment',
                'verbose_name_plural': 'themes of a commitment',
                'ordering': ['commitment', 'theme'],
            },
        ),
        migrations.CreateModel(
            name='DeadlineStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_day', models.DateField(verbose_name='from')),
                ('from_precision', models.CharField(choices=[('day', 'day'), ('month', 'month'), ('quarter', 'quarter'), ('half', 'half year'), ('year', 'year'), ('period', 'period')], max_length=8, verbose_name='precision before')),
                ('to_day', models.DateField(verbose_name='to')),
                ('reason', models.TextField(verbose_name='reason')),
                ('at', models.DateTimeField(verbose_name='at')),
            ],
            options={
                'verbose_name': 'deadline step',
                'verbose_name_plural': 'deadline steps',
                'ordering': ['commitment', 'at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Evidence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('link', models.URLField(blank=True, max_length=1000, verbose_name='link')),
                ('file_name', models.CharField(blank=True, max_length=255, verbose_name='file name')),
            ],
            options={
                'verbose_name': 'evidence',
                'verbose_name_plural': 'evidence',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='EvidenceFile',
            fields=[
                ('sha256', models.CharField(max_length=64, primary_key=True, serialize=False, verbose_name='SHA-256 of the bytes')),
                ('size', models.PositiveIntegerField(verbose_name='size in bytes')),
                ('media_type', models.CharField(help_text='by its content, not by its name', max_length=100, verbose_name='media type')),
                ('content', models.BinaryField(verbose_name='bytes')),
            ],
            options={
                'verbose_name': 'file of evidence',
                'verbose_name_plural': 'files of evidence',
            },
        ),
        migrations.CreateModel(
            name='HandOver',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.TextField(verbose_name='reason')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('submissions', models.PositiveIntegerField(help_text='how many went along', verbose_name='submissions to accept')),
            ],
            options={
                'verbose_name': 'hand-over',
                'verbose_name_plural': 'hand-overs',
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Note',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.TextField(verbose_name='note')),
                ('at', models.DateTimeField(verbose_name='at')),
            ],
            options={
                'verbose_name': 'note',
                'verbose_name_plural': 'notes',
                'ordering': ['commitment', 'at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Relation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('restates', 'restates'), ('specifies', 'specifies'), ('fulfils', 'fulfils'), ('supersedes', 'supersedes')], max_length=12, verbose_name='relation')),
                ('at', models.DateTimeField(verbose_name='at')),
            ],
            options={
                'verbose_name': 'relation',
                'verbose_name_plural': 'relations',
                'ordering': ['source', 'kind', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Submission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('status', 'status'), ('extension', 'deadline extension')], max_length=12, verbose_name='kind')),
                ('note', models.TextField(help_text='what happened, or why the day is moved', verbose_name='note')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('to_status', models.CharField(blank=True, choices=[('not_started', 'not started'), ('in_progress', 'in progress'), ('fulfilled', 'fulfilled'), ('partly_fulfilled', 'partly fulfilled'), ('not_fulfilled', 'not fulfilled'), ('superseded', 'superseded'), ('waived', 'waived')], max_length=16, verbose_name='to')),
                ('on', models.DateField(blank=True, null=True, verbose_name='on')),
                ('to_day', models.DateField(blank=True, null=True, verbose_name='new last day')),
                ('brought_forward', models.BooleanField(default=False, verbose_name='brought forward')),
                ('state', models.CharField(choices=[('pending', 'awaiting acceptance'), ('accepted', 'accepted'), ('rejected', 'sent back'), ('withdrawn', 'withdrawn')], default='pending', max_length=10, verbose_name='state')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='decided at')),
                ('decided_why', models.TextField(blank=True, verbose_name='why it was sent back')),
            ],
            options={
                'verbose_name': 'submission',
                'verbose_name_plural': 'submissions',
                'ordering': ['at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Theme',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name_en', models.CharField(max_length=200, verbose_name='name in English')),
                ('name_kk', models.CharField(blank=True, max_length=200, verbose_name='name in Kazakh')),
                ('name_ru', models.CharField(blank=True, max_length=200, verbose_name='name in Russian')),
                ('code', models.SlugField(max_length=40, unique=True, verbose_name='code')),
                ('sdg', models.PositiveSmallIntegerField(blank=True, help_text='1 to 17; empty where none fits', null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(17)], verbose_name='Sustainable Development Goal')),
            ],
            options={
                'verbose_name': 'theme',
                'verbose_name_plural': 'themes',
                'ordering': ['code'],
            },
        ),
        migrations.AddField(
            model_name='statusstep',
            name='by_commitment',
            field=models.ForeignKey(blank=True, help_text='the commitment that took its place', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tracker.commitment', verbose_name='by the commitment'),
        ),
        migrations.AddField(
            model_name='statusstep',
            name='by_instrument',
            field=models.ForeignKey(blank=True, help_text='the instrument that waived or superseded it', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tracker.instrument', verbose_name='by the instrument'),
        ),
        migrations.AddField(
            model_name='unit',
            name='second_person',
            field=models.BooleanField(default=False, help_text='a status or an extension takes effect when somebody other than its author has accepted it', verbose_name='a second person accepts'),
        ),
        migrations.AddField(
            model_name='commitmenttheme',
            name='commitment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='filed_under', to='tracker.commitment', verbose_name='commitment'),
        ),
        migrations.AddField(
            model_name='deadlinestep',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deadline_steps', to=settings.AUTH_USER_MODEL, verbose_name='by'),
        ),
        migrations.AddField(
            model_name='deadlinestep',
            name='commitment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deadline_steps', to='tracker.commitment', verbose_name='commitment'),
        ),
        migrations.AddField(
            model_name='evidence',
            name='step',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='proofs', to='tracker.statusstep', verbose_name='status step'),
        ),
        migrations.AddConstraint(
            model_name='evidencefile',
            constraint=models.CheckConstraint(condition=models.Q(('media_type', ''), _negated=True), name='evidencefile_media_type_filled'),
        ),
        migrations.AddField(
            model_name='evidence',
            name='file',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='uses', to='tracker.evidencefile', verbose_name='file'),
        ),
        migrations.AddField(
            model_name='handover',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by'),
        ),
        migrations.AddField(
            model_name='handover',
            name='commitments',
            field=models.ManyToManyField(related_name='hand_overs', to='tracker.commitment', verbose_name='commitments'),
        ),
        migrations.AddField(
            model_name='handover',
            name='from_person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='handed_over', to='tracker.person', verbose_name='from'),
        ),
        migrations.AddField(
            model_name='handover',
            name='to_person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='taken_over', to='tracker.person', verbose_name='to'),
        ),
        migrations.AddField(
            model_name='note',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notes', to=settings.AUTH_USER_MODEL, verbose_name='by'),
        ),
        migrations.AddField(
            model_name='note',
            name='commitment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='tracker.commitment', verbose_name='commitment'),
        ),
        migrations.AddField(
            model_name='relation',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by'),
        ),
        migrations.AddField(
            model_name='relation',
            name='source',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='relations', to='tracker.commitment', verbose_name='commitment'),
        ),
        migrations.AddField(
            model_name='relation',
            name='target',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='inverse_relations', to='tracker.commitment', verbose_name='other commitment'),
        ),
        migrations.AddField(
            model_name='submission',
            name='asked',
            field=models.ForeignKey(blank=True, help_text='whose list it is on; others who may accept can do so as well', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='asked_to_accept', to='tracker.person', verbose_name='asked to accept'),
        ),
        migrations.AddField(
            model_name='submission',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='submissions', to=settings.AUTH_USER_MODEL, verbose_name='by'),
        ),
        migrations.AddField(
            model_name='submission',
            name='by_commitment',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tracker.commitment', verbose_name='by the commitment'),
        ),
        migrations.AddField(
            model_name='submission',
            name='by_instrument',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tracker.instrument', verbose_name='by the instrument'),
        ),
        migrations.AddField(
            model_name='submission',
            name='commitment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='submissions', to='tracker.commitment', verbose_name='commitment'),
        ),
        migrations.AddField(
            model_name='submission',
            name='decided_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='decided_submissions', to=settings.AUTH_USER_MODEL, verbose_name='decided by'),
        ),
        migrations.AddField(
            model_name='submission',
            name='obligor',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tracker.obligor', verbose_name='obligor'),
        ),
        migrations.AddField(
            model_name='evidence',
            name='submission',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='proofs', to='tracker.submission', verbose_name='submission'),
        ),
        migrations.AddField(
            model_name='deadlinestep',
            name='submission',
            field=models.OneToOneField(blank=True, help_text='what a second person accepted; empty where none was needed', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='deadline_step', to='tracker.submission', verbose_name='submission'),
        ),
        migrations.AddField(
            model_name='statusstep',
            name='submission',
            field=models.OneToOneField(blank=True, help_text='what a second person accepted; empty where none was needed', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='status_step', to='tracker.submission', verbose_name='submission'),
        ),
        migrations.AddConstraint(
            model_name='statusstep',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('to_status', 'superseded'), _negated=True), ('by_instrument__isnull', False), ('by_commitment__isnull', False), _connector='OR'), name='statusstep_superseded_by_something'),
        ),
        migrations.AddConstraint(
            model_name='statusstep',
            constraint=models.CheckConstraint(condition=models.Q(('by_commitment__isnull', True), models.Q(('by_commitment', models.F('commitment')), _negated=True), _connector='OR'), name='statusstep_not_by_itself'),
        ),
        migrations.AddField(
            model_name='theme',
            name='parent',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='tracker.theme', verbose_name='part of'),
        ),
        migrations.AddField(
            model_name='commitmenttheme',
            name='theme',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='filed', to='tracker.theme', verbose_name='theme'),
        ),
        migrations.AddField(
            model_name='commitment',
            name='themes',
            field=models.ManyToManyField(related_name='commitments', through='tracker.CommitmentTheme', to='tracker.theme', verbose_name='themes'),
        ),
        migrations.AddConstraint(
            model_name='handover',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='handover_reason_filled'),
        ),
        migrations.AddConstraint(
            model_name='handover',
            constraint=models.CheckConstraint(condition=models.Q(('from_person', models.F('to_person')), _negated=True), name='handover_to_another'),
        ),
        migrations.AddConstraint(
            model_name='note',
            constraint=models.CheckConstraint(condition=models.Q(('words', ''), _negated=True), name='note_words_filled'),
        ),
        migrations.AddConstraint(
            model_name='relation',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['restates', 'specifies', 'fulfils', 'supersedes'])), name='relation_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='relation',
            constraint=models.CheckConstraint(condition=models.Q(('source', models.F('target')), _negated=True), name='relation_not_to_itself'),
        ),
        migrations.AddConstraint(
            model_name='relation',
            constraint=models.UniqueConstraint(django.db.models.functions.comparison.Least('source', 'target'), django.db.models.functions.comparison.Greatest('source', 'target'), models.F('kind'), name='relation_once'),
        ),
        migrations.AddConstraint(
            model_name='submission',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['status', 'extension'])), name='submission_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='submission',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['pending', 'accepted', 'rejected', 'withdrawn'])), name='submission_state_known'),
        ),
        migrations.AddConstraint(
            model_name='submission',
            constraint=models.CheckConstraint(condition=models.Q(('to_status__in', ['not_started', 'in_progress', 'fulfilled', 'partly_fulfilled', 'not_fulfilled', 'superseded', 'waived', ''])), name='submission_to_status_known'),
        ),
        migrations.AddConstraint(
            model_name='submission',
            constraint=models.CheckConstraint(condition=models.Q(('note', ''), _negated=True), name='submission_note_filled'),
        ),
        migrations.AddConstraint(
            model_name='submission',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'status'), ('on__isnull', False), ('to_day__isnull', True), models.Q(('to_status', ''), _negated=True)), models.Q(('kind', 'extension'), ('on__isnull', True), ('to_day__isnull', False), ('to_status', '')), _connector='OR'), name='submission_says_what_its_kind_needs'),
        ),
        migrations.AddConstraint(
            model_name='submission',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('decided_by__isnull', True), ('state', 'pending')), models.Q(models.Q(('state', 'pending'), _negated=True), ('decided_at__isnull', False), ('decided_by__isnull', False)), _connector='OR'), name='submission_decided_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='submission',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('accepted', 'rejected')), _negated=True), models.Q(('decided_by', models.F('by')), _negated=True), _connector='OR'), name='submission_decided_by_another'),
        ),
        migrations.AddConstraint(
            model_name='submission',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'withdrawn'), _negated=True), ('decided_by', models.F('by')), _connector='OR'), name='submission_withdrawn_by_its_author'),
        ),
        migrations.AddConstraint(
            model_name='submission',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'rejected'), _negated=True), models.Q(('decided_why', ''), _negated=True), _connector='OR'), name='submission_sent_back_with_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='submission',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'pending')), fields=('commitment',), name='submission_one_pending'),
        ),
        migrations.AddConstraint(
            model_name='evidence',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('file__isnull', False), ('link', ''), models.Q(('file_name', ''), _negated=True)), models.Q(('file__isnull', True), ('file_name', ''), models.Q(('link', ''), _negated=True)), _connector='OR'), name='evidence_is_a_file_or_a_link'),
        ),
        migrations.AddConstraint(
            model_name='evidence',
            constraint=models.CheckConstraint(condition=models.Q(('link', ''), ('link__regex', '^https?://'), _connector='OR'), name='evidence_link_is_a_web_address'),
        ),
        migrations.AddConstraint(
            model_name='evidence',
            constraint=models.CheckConstraint(condition=models.Q(('step__isnull', False), ('submission__isnull', False), _connector='OR'), name='evidence_bears_something_out'),
        ),
        migrations.AddConstraint(
            model_name='evidence',
            constraint=models.UniqueConstraint(fields=('step', 'file'), name='evidence_file_once_a_step'),
        ),
        migrations.AddConstraint(
            model_name='deadlinestep',
            constraint=models.CheckConstraint(condition=models.Q(('from_precision__in', ['day', 'month', 'quarter', 'half', 'year', 'period'])), name='deadlinestep_from_precision_known'),
        ),
        migrations.AddConstraint(
            model_name='deadlinestep',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='deadlinestep_reason_filled'),
        ),
        migrations.AddConstraint(
            model_name='deadlinestep',
            constraint=models.CheckConstraint(condition=models.Q(('from_day', models.F('to_day')), _negated=True), name='deadlinestep_moves'),
        ),
        migrations.AddConstraint(
            model_name='theme',
            constraint=models.CheckConstraint(condition=models.Q(('code', ''), _negated=True), name='theme_code_filled'),
        ),
        migrations.AddConstraint(
            model_name='theme',
            constraint=models.CheckConstraint(condition=models.Q(('name_en', ''), _negated=True), name='theme_name_en_filled'),
        ),
        migrations.AddConstraint(
            model_name='theme',
            constraint=models.CheckConstraint(condition=models.Q(('sdg__isnull', True), ('sdg__range', (1, 17)), _connector='OR'), name='theme_sdg_is_one_of_17'),
        ),
        migrations.AddConstraint(
            model_name='theme',
            constraint=models.CheckConstraint(condition=models.Q(('parent', models.F('id')), _negated=True), name='theme_not_its_own_parent'),
        ),
        migrations.AddConstraint(
            model_name='commitmenttheme',
            constraint=models.UniqueConstraint(fields=('commitment', 'theme'), name='commitmenttheme_once'),
        ),
        migrations.RunSQL(COPY_LINKS, migrations.RunSQL.noop),
        migrations.RemoveConstraint(
            model_name='statusstep',
            name='statusstep_evidence_is_a_web_address',
        ),
        migrations.RemoveField(
            model_name='statusstep',
            name='evidence',
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
