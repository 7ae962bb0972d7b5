"""Small distinct documents for the drill of the intake: statements in three languages and three formats."""

from __future__ import annotations

import datetime as dt
import io
import random
import zipfile
from dataclasses import dataclass
from html import escape
from pathlib import Path

POISON = "poison.txt"
"""The name of a document that kills whoever reads it, where the drill wants one."""

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TYPES = """<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override
PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main\
+xml"/></Types>"""


@dataclass(frozen=True, slots=True)
class _Language:
    title: str
    states: tuple[str, ...]
    months: tuple[str, ...]
    day: str
    clauses: tuple[str, ...]


_LANGUAGES = (
    _Language(
        "Joint Statement of the Republic of Kazakhstan and the Republic of {state}",
        ("Albania", "Bulgaria", "Croatia", "Estonia", "Finland", "Iceland", "Kenya", "Latvia", "Malta", "Peru"),
        (
            *("January", "February", "March", "April", "May", "June"),
            *("July", "August", "September", "October", "November", "December"),
        ),
        "Done at Astana on {day} {month} {year}.",
        (
            "The Parties will open {n} laboratories for young chemists in Almaty by the end of {later}.",
            "The Kazakh side undertakes to deliver {n} thousand seedlings before 1 October {later}.",
            "The Parties intend to hold consultations on the waters of shared rivers every year.",
            "The Parties shall exchange lists of {n} archives within 60 days of signature.",
            "The sides noted the work of the commission, which has met {n} times.",
            "The Parties agreed to establish a working group on {n} routes for night trains.",
            "The Parties will publish a bilingual atlas of {n} mountain passes in {later}.",
            "The Parties invite their universities to award {n} scholarships in geology.",
        ),
    ),
    _Language(
        "Совместное заявление Республики Казахстан и Республики {state}",
        ("Албания", "Болгария", "Хорватия", "Эстония", "Исландия", "Кения", "Мальта", "Перу", "Корея", "Куба"),
        (
            *("января", "февраля", "марта", "апреля", "мая", "июня"),
            *("июля", "августа", "сентября", "октября", "ноября", "декабря"),
        ),
        "Совершено в Астане {day} {month} {year} года.",
        (
            "Стороны откроют {n} лабораторий для юных химиков в Алматы до конца {later} года.",
            "Казахстанская сторона обязуется доставить {n} тысяч саженцев до 1 октября {later} года.",
            "Стороны намерены ежегодно проводить консультации о водах общих рек.",
            "Стороны обменяются списками {n} архивов в течение 60 дней после подписания.",
            "Стороны отметили работу комиссии, которая собиралась {n} раз.",
            "Стороны договорились создать рабочую группу по {n} маршрутам ночных поездов.",
            "Стороны издадут двуязычный атлас {n} горных перевалов в {later} году.",
            "Стороны предлагают университетам учредить {n} стипендий по геологии.",
        ),
    ),
    _Language(
        "Қазақстан Республикасы мен {state} Республикасының бірлескен мәлімдемесі",
        ("Албания", "Болгария", "Хорватия", "Эстония", "Исландия", "Кения", "Мальта", "Перу", "Корея", "Куба"),
        (
            *("қаңтарда", "ақпанда", "наурызда", "сәуірде", "мамырда", "маусымда"),
            *("шілдеде", "тамызда", "қыркүйекте", "қазанда", "қарашада", "желтоқсанда"),
        ),
        "Астана қаласында {year} жылғы {day} {month} жасалды.",
        (
            "Тараптар {later} жылдың соңына дейін Алматыда жас химиктерге арналған {n} зертхана ашады.",
            "Қазақстан тарабы {later} жылғы 1 қазанға дейін {n} мың көшет жеткізуге міндеттенеді.",
            "Тараптар ортақ өзендердің суы туралы жыл сайын кеңес өткізуге ниетті.",
            "Тараптар қол қойылғаннан кейін 60 күн ішінде {n} мұрағаттың тізімін алмасады.",
            "Тараптар {n} рет жиналған комиссияның жұмысын атап өтті.",
            "Тараптар түнгі пойыздардың {n} бағыты бойынша жұмыс тобын құруға келісті.",
            "Тараптар {later} жылы {n} тау асуының екі тілді атласын шығарады.",
            "Тараптар университеттерге геология бойынша {n} шәкіртақы тағайындауды ұсынады.",
        ),
    ),
)


def write(place: Path, number: int) -> list[Path]:
    """Write so many documents into a new directory; no two have the same words or the same day of signature, so that
    none is taken for a version of another."""
    place.mkdir(parents=True)
    made = []
    for each in range(number):
        suffix = ("txt", "html", "docx")[each // 3 % 3]
        path = place / f"statement-{each:04}.{suffix}"
        path.write_bytes({"txt": _txt, "html": _html, "docx": _docx}[suffix](_paragraphs(each)))
        made.append(path)
    return made


def _paragraphs(number: int) -> list[str]:
    language, chance = _LANGUAGES[number % 3], random.Random(number)  # noqa: S311
    day = dt.date(2020, 1, 1) + dt.timedelta(days=number)
    said = [
        clause.format(n=chance.randrange(3, 90), later=day.year + chance.randrange(2, 9))
        for clause in chance.choices(language.clauses, k=chance.randrange(6, 30))
    ]
    return [
        language.title.format(state=chance.choice(language.states)),
        *(f"{place}. {words}" for place, words in enumerate(said, 1)),
        language.day.format(day=day.day, month=language.months[day.month - 1], year=day.year),
    ]


def _txt(paragraphs: list[str]) -> bytes:
    return "\n\n".join(paragraphs).encode()


def _html(paragraphs: list[str]) -> bytes:
    body = "\n".join(f"<p>{escape(each)}</p>" for each in paragraphs)
    return f'<!DOCTYPE html><html><head><meta charset="utf-8"></head><body>{body}</body></html>'.encode()


def _docx(paragraphs: list[str]) -> bytes:
    body = "".join(f"<w:p><w:r><w:t>{escape(each)}</w:t></w:r></w:p>" for each in paragraphs)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr("word/document.xml", f"<w:document xmlns:w='{_W}'><w:body>{body}</w:body></w:document>")
    return packed.getvalue()
