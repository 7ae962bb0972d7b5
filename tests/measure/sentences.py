"""Sentences for a large invented archive, in English, Russian and Kazakh: each is one promise, and no two documents
are alike. The words are ours; how often each comes follows from how the lists are combined."""

from __future__ import annotations

import random
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stock:
    """What the sentences of a language are made of, and how a document of it is called."""

    titles: tuple[str, ...]
    acting: tuple[str, ...]
    doing: tuple[str, ...]
    objects: tuple[str, ...]
    fields: tuple[str, ...]
    places: tuple[str, ...]
    times: tuple[str, ...]
    between: tuple[str, ...]
    order: str = "{acting} {doing} {object} {field} {place}{time}."


EN = Stock(
    titles=("Joint Statement on {}", "Agreement on cooperation {}", "Memorandum of understanding {}", "Action plan {}"),
    acting=("The Parties", "Both sides", "The two governments", "The ministries of transport", "The Committee"),
    doing=(
        "will establish",
        "shall open",
        "agreed to build",
        "intend to expand",
        "undertake to finance",
        "will review",
    ),
    objects=(
        "a joint logistics hub",
        "a working group",
        "a pilot railway corridor",
        "a scholarship programme",
        "an early warning station",
        "a register of consular cases",
        "a solar park",
        "a veterinary laboratory",
        "a direct air link",
        "a fibre-optic line",
        "an exhibition of manuscripts",
        "a customs post",
    ),
    fields=("for energy", "in agriculture", "on water resources", "in digital trade", "for tourism", "on migration"),
    places=("in the border regions", "in both capitals", "at the seaport", "along the river", "at the university"),
    times=(" by the end of {year}", " in {year}", " every year", ""),
    between=(
        "The sides noted with satisfaction that trade has grown.",
        "Views were exchanged on matters of common interest.",
    ),
)
RU = Stock(
    titles=("Совместное заявление {}", "Соглашение о сотрудничестве {}", "Меморандум о взаимопонимании {}"),
    acting=("Стороны", "Оба правительства", "Министерства транспорта", "Межправительственная комиссия"),
    doing=("создадут", "обязуются открыть", "договорились построить", "намерены расширить", "рассмотрят", "обеспечат"),
    objects=(
        "совместный логистический центр",
        "рабочую группу",
        "пробный железнодорожный коридор",
        "программу стипендий",
        "станцию раннего оповещения",
        "реестр консульских дел",
        "солнечную электростанцию",
        "ветеринарную лабораторию",
        "прямое авиасообщение",
        "таможенный пост",
        "выставку рукописей",
    ),
    fields=("в области энергетики", "в сельском хозяйстве", "по водным ресурсам", "в туризме", "по миграции"),
    places=("в приграничных областях", "в обеих столицах", "в морском порту", "на берегу реки", "при университете"),
    times=(" до конца {year} года", " в {year} году", " ежегодно", ""),
    between=("Стороны с удовлетворением отметили рост торговли.", "Состоялся обмен мнениями."),
)
KK = Stock(
    titles=("{} бірлескен мәлімдеме", "{} ынтымақтастық туралы келісім", "{} өзара түсіністік туралы меморандум"),
    acting=("Тараптар", "Екі үкімет", "Көлік министрліктері", "Үкіметаралық комиссия"),
    doing=("құрады", "ашуға міндеттенеді", "салуға уағдаласты", "кеңейтуге ниетті", "қарайды", "қамтамасыз етеді"),
    objects=(
        "бірлескен логистика орталығын",
        "жұмыс тобын",
        "теміржол дәлізін",
        "шәкіртақы бағдарламасын",
        "ерте хабарлау бекетін",
        "консулдық істер тізілімін",
        "күн электр станциясын",
        "ветеринариялық зертхана",
        "тікелей әуе қатынасын",
        "кеден бекетін",
        "қолжазбалар көрмесін",
    ),
    fields=("энергетика саласында", "ауыл шаруашылығында", "су ресурстары бойынша", "туризмде", "көші-қон бойынша"),
    places=("шекаралас облыстарда", "екі астанада", "теңіз портында", "өзен жағасында", "университет жанында"),
    times=("{year} жылдың соңына дейін ", "{year} жылы ", "жыл сайын ", ""),
    between=("Тараптар сауданың өскенін қанағаттана атап өтті.", "Пікір алмасу өтті."),
    order="{acting} {time}{place} {field} {object} {doing}.",
)
STOCKS = {"en": EN, "ru": RU, "kk": KK}


def promise(stock: Stock, choice: random.Random, year: int) -> str:
    """One sentence that promises something."""
    return stock.order.format(
        acting=choice.choice(stock.acting),
        doing=choice.choice(stock.doing),
        object=choice.choice(stock.objects),
        field=choice.choice(stock.fields),
        place=choice.choice(stock.places),
        time=choice.choice(stock.times).format(year=year),
    )


def document(stock: Stock, choice: random.Random, promises: int, year: int) -> tuple[str, list[tuple[int, int]]]:
    """A text with so many promises, each in a numbered clause of its own, and where each stands in it."""
    pieces: list[str] = []
    spans: list[tuple[int, int]] = []
    at = 0
    for number in range(1, promises + 1):
        before = f"{number}. {choice.choice(stock.between)} " if choice.random() < 0.7 else f"{number}. "
        words = promise(stock, choice, year + choice.randrange(6))
        after = f" {choice.choice(stock.between)}\n\n"
        spans.append((at + len(before), at + len(before) + len(words)))
        pieces += [before, words, after]
        at += len(before) + len(words) + len(after)
    return "".join(pieces), spans
