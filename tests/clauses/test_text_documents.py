"""HTML, DOCX and PDF into text: what stays, what goes, and which numbers are put in."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from clauses import parse
from clauses.text import UnreadableError, ocr, read

DOCUMENTS = Path(__file__).parent / "cases" / "documents"
SHARED = Path(__file__).resolve().parents[3] / "shared"
ORIGINALS = SHARED / "corpus" / "orig"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"

with_tesseract = pytest.mark.skipif(
    not shutil.which("tesseract"), reason="skipped: tesseract (with rus, kaz) is not installed"
)
originals = pytest.mark.skipif(not ORIGINALS.is_dir(), reason="skipped: ../shared not here")


def paragraphs(name: str) -> list[str]:
    return read((DOCUMENTS / name).read_bytes()).text.strip().split("\n\n")


def docx(body: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("word/document.xml", f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>')
    return packed.getvalue()


def run(words: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{words}</w:t></w:r>'


def test_a_page_keeps_its_main_text_and_the_numbers_of_its_lists() -> None:
    assert paragraphs("page.html") == [
        "Joint Statement",
        "The sides\nagreed on:",
        "1. The road",
        "    a. to the lake;",
        "    b. to the sea.",
        "2. The bridge.",
        "It will be open in May.",
        "III. The canal.",
        "(a) Labelled already.",
        "• A bullet.",
        "Road 5 km",
        "Bridge",
        "1 km",
        "The cost 1 is shared.",
    ]


def test_hidden_words_of_a_page_are_left_out_and_told() -> None:
    found = read((DOCUMENTS / "page.html").read_bytes())
    assert "Hidden" not in found.text
    assert found.warnings == ("1 hidden parts of the page were left out.",)


def test_a_page_in_an_old_encoding_is_read_as_it_declares() -> None:
    page = '<html><head><meta charset="windows-1251"></head><body><p>Стороны</p></body></html>'
    assert read(page.encode("cp1251")).text == "Стороны\n"


def test_a_deeply_nested_page_is_read_or_refused() -> None:
    with contextlib.suppress(UnreadableError):
        assert read(b"<div>" * 50_000 + b"words").text


def test_a_document_shows_the_numbers_that_its_reader_sees() -> None:
    assert paragraphs("agreement.docx")[:7] == [
        "Agreement on the Lake",
        "1. The Parties shall clean the lake.",
        "2. They shall:",
        "    (a) count the fish;",
        "    (b) mark the banks.",
        "3. Each Party pays half.",
        "1. A new list begins.",
    ]


def test_tracked_changes_are_read_as_accepted_and_told() -> None:
    found = read((DOCUMENTS / "agreement.docx").read_bytes())
    assert "The lake is blue and deep." in found.text
    assert "green" not in found.text
    assert "1 deleted passages (tracked changes) were left out." in found.warnings


def test_hidden_text_of_a_document_is_left_out_and_told() -> None:
    found = read((DOCUMENTS / "agreement.docx").read_bytes())
    assert "Hidden" not in found.text
    assert "1 hidden passages of the document were left out." in found.warnings


def test_text_boxes_and_tables_of_a_document_are_read() -> None:
    assert paragraphs("agreement.docx")[-4:] == ["In a box.", "cell 00 cell 01", "cell 10 cell 11", "Done at Zenda."]


def test_words_that_are_in_the_file_but_not_in_the_text_are_told() -> None:
    formula = '<m:oMath xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"><m:r><m:t>E=mc</m:t></m:r></m:oMath>'
    shown, partly = read(docx(f"<w:p>{run('Words.')}</w:p>")), read(docx(f"<w:p>{run('Words.')}{formula}</w:p>"))
    assert shown.warnings == ()
    assert partly.warnings == (
        "Only 60 percent of the characters in the file are in the text that was read; check it.",
    )


def test_white_letters_are_read_and_told() -> None:
    white = '<w:r><w:rPr><w:color w:val="FFFFFF"/></w:rPr><w:t>Secretly.</w:t></w:r>'
    found = read(docx(f"<w:p>{run('Words. ')}{white}</w:p>"))
    assert found.text == "Words. Secretly.\n"
    assert "1 passages are in white letters" in found.warnings[0]


def test_a_moved_passage_is_read_where_it_went() -> None:
    body = (
        f"<w:p><w:moveFrom>{run('Old.')}</w:moveFrom>{run('Stays.')}</w:p><w:p><w:moveTo>{run('New.')}</w:moveTo></w:p>"
    )
    assert read(docx(body)).text == "Stays.\n\nNew.\n"


def test_a_notes_number_stands_where_it_is_referred_to_and_the_note_at_the_end() -> None:
    packed = io.BytesIO(
        docx(f'<w:p>{run("Lake")}<w:r><w:footnoteReference w:id="7"/></w:r></w:p><w:p>{run("End.")}</w:p>')
    )
    with zipfile.ZipFile(packed, "a") as archive:
        note = f'<w:footnote w:id="7"><w:p>{run("In the north.")}</w:p></w:footnote>'
        archive.writestr("word/footnotes.xml", f'<w:footnotes xmlns:w="{W}">{note}</w:footnotes>')
    assert read(packed.getvalue()).text == "Lake[1]\n\nEnd.\n\n[1] In the north.\n"


def test_a_pdf_loses_its_running_heads_page_numbers_and_hyphens() -> None:
    assert paragraphs("treaty.pdf") == [
        "Article 1",
        "The Parties shall build the road between the two lakes and keep it open in all seasons of the year, whatever "
        "the weather, and shall share the cost of its upkeep in equal parts.1",
        "1. The Ministry of Transport shall draw the plans of the road and show them to the other Party before the end "
        "of each year.",
        "2. The road shall be marked with stones, which the Parties shall renew when they are worn or lost.",
        "Article 2",
        "This Treaty enters into force on signature.",
        "Done at Zenda on 4 May 2021.",
        "1 The cost is set out in the Annex.",
    ]


def test_the_columns_of_a_pdf_are_read_one_after_the_other() -> None:
    assert [paragraph[:12] for paragraph in paragraphs("columns.pdf")] == [
        "1. The left ",
        "2. The secon",
        "3. The right",
        "4. The last ",
    ]


@originals
@pytest.mark.corpus
def test_letters_are_restored_where_fonts_do_not_name_them() -> None:
    found = read((ORIGINALS / "bbnj-agreement-ru.pdf").read_bytes())
    assert "Статья 1\n\nУпотребление терминов" in found.text
    assert "restored" in found.warnings[0]


@originals
@pytest.mark.corpus
def test_the_numbers_of_a_long_document_go_on_from_list_to_list() -> None:
    text = read((ORIGINALS / "unfccc-cma3-glasgow-add3.docx").read_bytes()).text
    assert "\n\n1. Reaffirms the" in text
    assert "\n\n    (a) Enable" in text or "\n\n(a) Enable" in text


@with_tesseract
def test_a_scanned_kazakh_statement_is_read_and_its_promises_found() -> None:
    found = parse((DOCUMENTS / "scan-kk.pdf").read_bytes())
    assert (found.language, found.parties, found.signed_on) == ("kk", ("KAZ", "GEO"), dt.date(2025, 5, 14))
    assert "1 наурызға дейін Ақтау мен Поти порттары" in " ".join(found.text.split())
    assert {dt.date(2026, 3, 1), dt.date(2025, 10, 1)} <= {each.due for each in found.commitments}
    assert found.warnings == ("2 of 2 pages are pictures and were read by OCR. Check the text.",)


@originals
@with_tesseract
@pytest.mark.corpus
def test_a_scanned_russian_treaty_has_no_kazakh_letters_and_no_hyphens_at_line_ends() -> None:
    text = read((ORIGINALS / "scan-belovezh-accords-ru.pdf").read_bytes()).text
    assert "Статья 2." in text
    assert not set("әғқңөұүһі") & set(text.lower())
    assert "сложившихся" in text


def test_a_page_that_takes_too_long_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(command: list[str], **_: object) -> None:
        raise subprocess.TimeoutExpired(command, 60)

    monkeypatch.setattr(ocr, "_known", lambda _: ("eng",))
    monkeypatch.setattr(shutil, "which", lambda _: "/usr/bin/tesseract")
    monkeypatch.setattr(subprocess, "run", slow)
    with pytest.raises(UnreadableError, match="60 seconds") as refused:
        ocr.read_picture(lambda: b"", 7)
    assert refused.value.place == "page 7"


@originals
@pytest.mark.corpus
@pytest.mark.skipif(shutil.which("tesseract") is not None, reason="tesseract is installed")
def test_a_scanned_document_names_the_missing_program() -> None:
    with pytest.raises(UnreadableError, match="tesseract") as refused:
        read((ORIGINALS / "scan-belovezh-accords-ru.pdf").read_bytes())
    assert refused.value.place == "page 1"
