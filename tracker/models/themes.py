"""What commitments are about: a small taxonomy that staff keep, with Sustainable Development Goals."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from tracker.models import checks
from tracker.models.names import Named


class Theme(Named):
    """A theme, or one below it: the tree has two levels, which the database holds as well (migration 0004)."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("part of")
    )
    sdg = models.PositiveSmallIntegerField(
        _("Sustainable Development Goal"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(17)],
        help_text=_("1 to 17; empty where none fits"),
    )

    class Meta:
        verbose_name = _("theme")
        verbose_name_plural = _("themes")
        ordering = ["code"]
        constraints = [
            checks.filled("theme", "code"),
            checks.filled("theme", "name_en"),
            models.CheckConstraint(
                name="theme_sdg_is_one_of_17", condition=models.Q(sdg__isnull=True) | models.Q(sdg__range=(1, 17))
            ),
            models.CheckConstraint(name="theme_not_its_own_parent", condition=~models.Q(parent=models.F("id"))),
        ]

    def clean(self) -> None:
        """Refuse a third level, in words, before the database does."""
        super().clean()
        if self.parent is None:
            return
        if self.parent.parent_id or self.parent_id == self.pk or (self.pk and self.children.exists()):
            raise ValidationError({"parent": _("Themes have two levels: a theme, and those that are part of it.")})


_FIRST_THEMES = (
    # code, part of, goal, English, Kazakh, Russian
    ("economy", "", 8, "Economy and trade", "Экономика және сауда", "Экономика и торговля"),
    ("trade", "economy", 17, "Trade and customs", "Сауда және кеден", "Торговля и таможня"),
    ("investment", "economy", 8, "Investment", "Инвестиция", "Инвестиции"),
    ("industry", "economy", 9, "Industry", "Өнеркәсіп", "Промышленность"),
    (
        "agriculture",
        "economy",
        2,
        "Agriculture and food",
        "Ауыл шаруашылығы және азық-түлік",
        "Сельское хозяйство, продовольствие",
    ),
    ("energy", "", 7, "Energy", "Энергетика", "Энергетика"),
    ("transport", "", 9, "Transport and transit", "Көлік және транзит", "Транспорт и транзит"),
    ("digital", "", 9, "Digital development", "Цифрлық даму", "Цифровое развитие"),
    ("environment", "", 13, "Environment and climate", "Қоршаған орта және климат", "Экология и климат"),
    ("water", "environment", 6, "Water", "Су ресурстары", "Водные ресурсы"),
    ("society", "", None, "Society and culture", "Қоғам және мәдениет", "Общество и культура"),
    ("education", "society", 4, "Education and science", "Білім және ғылым", "Образование и наука"),
    ("health", "society", 3, "Health", "Денсаулық сақтау", "Здравоохранение"),
    ("culture", "society", 11, "Culture and tourism", "Мәдениет және туризм", "Культура и туризм"),
    ("security", "", 16, "Security and defence", "Қауіпсіздік және қорғаныс", "Безопасность и оборона"),
    ("justice", "security", 16, "Law and justice", "Құқық және әділет", "Право и правосудие"),
    ("politics", "", 17, "Political dialogue", "Саяси диалог", "Политический диалог"),
    ("consular", "politics", 10, "Consular affairs and migration", "Консулдық істер, көші-қон", "Консульские вопросы"),
)


def seed_themes() -> None:
    """Give an empty taxonomy its first themes. One that staff have begun to shape is left alone."""
    if Theme.objects.exists():
        return
    made: dict[str, Theme] = {}
    for code, part_of, sdg, name_en, name_kk, name_ru in _FIRST_THEMES:
        names = {"name_en": name_en, "name_kk": name_kk, "name_ru": name_ru}
        made[code] = Theme.objects.create(code=code, parent=made.get(part_of), sdg=sdg, **names)
