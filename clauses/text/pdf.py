"""PDF: text with its columns, running heads, notes and hyphens; pictures of pages through OCR."""

from __future__ import annotations

import io
import re
from functools import partial

import pypdfium2
from pypdfium2 import PdfDocument, PdfiumError

from clauses.reasons import doubt
from clauses.text.errors import LARGEST_TEXT, ReadText, UnreadableError
from clauses.text.ocr import read_picture
from clauses.text.pdf_lines import GLYPHS, Line, page_lines
from clauses.text.pdf_paragraphs import paragraphs_of
from clauses.text.pdf_streams import check_streams

_PAGES = 500
_PICTURES = 100
_FEW = 16  # letters on a page fewer than which it is a picture
_OCR_SCALE = 300 / 72
_LARGEST_SIDE = 2400  # points
# letters that no text of ours holds: glyph numbers given out as characters by fonts without a Unicode map
_RUBBISH = re.compile("[\x01-\x08\x0e-\x1f\u0180-\u018e\u0190-\u0258\u025a-\u02af\ue000-\uf8ff\ufffd]")
_LETTER = re.compile(r"[^\W\d_]")
_CYRILLIC = re.compile("[а-яё]")
_COMMON = re.compile("[оеаинтсрвл]")
# glyphs 3 to 97 of the usual fonts are the ASCII letters, those about 0x240 the Cyrillic ones
_LETTERS = (
    {glyph: glyph + 29 for glyph in range(3, 98)}
    | {GLYPHS + glyph: glyph + 29 for glyph in range(3, 32)}
    | {glyph: glyph + 0x1D6 for glyph in range(0x1FA, 0x2AF)}
    | {0xA9: "«", 0xAA: "»"}
)
_GLYPH_SPACE = chr(GLYPHS + 3)
_GLYPH_WORD = re.compile(rf"[^{_GLYPH_SPACE}\s]+")


def read_pdf(data: bytes) -> ReadText:
    """The text of a PDF.

    Raises UnreadableError for one that is encrypted or damaged, that has too many pages, and for pages without
    readable text where tesseract is not installed.
    """
    check_streams(data)
    try:
        document = PdfDocument(data)
    except PdfiumError as error:
        raise _damaged(str(error)) from error
    try:
        return _read(document)
    except PdfiumError as error:
        raise _damaged(str(error)) from error
    finally:
        document.close()


def _read(document: PdfDocument) -> ReadText:
    if len(document) > _PAGES:
        raise UnreadableError("pdf_pages", most=_PAGES)
    lines: list[Line] = []
    height, size = 0.0, 0
    for number in range(len(document)):
        page = document[number]
        width, tall = page.get_size()
        height = max(height, tall)
        textpage = page.get_textpage()
        size += textpage.count_chars()
        if size > 2 * LARGEST_TEXT:
            raise UnreadableError("pdf_text")
        lines += page_lines(textpage, width, number)
        textpage.close()
        page.close()
    warnings: list[str] = []
    _repair(lines, warnings)
    pictures = _pictures(document, lines)
    if pictures:
        return _with_ocr(document, lines, pictures, height)
    return ReadText("\n\n".join(paragraphs_of(lines, height)) + "\n", "application/pdf", tuple(warnings))


def _repair(lines: list[Line], warnings: list[str]) -> None:
    """Turn glyph numbers back into letters, where that gives Russian: the order of glyphs in the usual fonts."""
    broken = [line for line in lines if _RUBBISH.search(line.words)]
    if not broken:
        return
    mended = [_GLYPH_WORD.sub(_mended, line.words).replace(_GLYPH_SPACE, " ") for line in broken]
    whole = "\n".join(mended).lower()
    letters = len(_LETTER.findall(whole))
    if letters and len(_CYRILLIC.findall(whole)) > 0.8 * letters and len(_COMMON.findall(whole)) > 0.45 * letters:
        for line, words in zip(broken, mended, strict=True):
            line.words = " ".join(words.split())
        warnings.append(doubt("letters"))


def _mended(word: re.Match[str]) -> str:
    return word.group().translate(_LETTERS) if _RUBBISH.search(word.group()) else word.group()


def _pictures(document: PdfDocument, lines: list[Line]) -> list[int]:
    """The pages that must be read as pictures: with hardly a letter, or with rubbish for letters."""
    found = []
    pages: dict[int, list[str]] = {}
    for line in lines:
        pages.setdefault(line.page, []).append(line.words)
    for number in range(len(document)):
        words = " ".join(pages.get(number, []))
        letters, rubbish = len(_LETTER.findall(words)), len(_RUBBISH.findall(words))
        if rubbish * 5 > letters + rubbish or (letters < _FEW and _has_picture(document, number)):
            found.append(number)
    return found


def _has_picture(document: PdfDocument, number: int) -> bool:
    page = document[number]
    try:
        image = pypdfium2.raw.FPDF_PAGEOBJ_IMAGE
        return any(True for _ in page.get_objects(filter=[image], max_depth=4))
    finally:
        page.close()


def _with_ocr(document: PdfDocument, lines: list[Line], pictures: list[int], height: float) -> ReadText:
    """The text of a document some of whose pages are pictures."""
    if len(pictures) > _PICTURES:
        raise UnreadableError("pdf_pictures", most=_PICTURES)
    parts: list[str] = []
    for number in range(len(document)):
        if number in pictures:
            parts.append(read_picture(partial(_picture, document, number), number + 1).strip())
        else:
            parts += paragraphs_of([line for line in lines if line.page == number], height)
    warning = doubt("pictures", number=len(pictures), pages=len(document))
    return ReadText("\n\n".join(part for part in parts if part) + "\n", "application/pdf", (warning,))


def _picture(document: PdfDocument, number: int) -> bytes:
    """A page drawn in shades of grey (PGM)."""
    page = document[number]
    width, tall = page.get_size()
    scale = min(_OCR_SCALE, _LARGEST_SIDE * _OCR_SCALE / max(width, tall, 1))
    picture = io.BytesIO()
    bitmap = page.render(scale=scale, grayscale=True)
    rows = memoryview(bitmap.buffer).cast("B")
    picture.write(f"P5 {bitmap.width} {bitmap.height} 255\n".encode())
    for row in range(bitmap.height):
        picture.write(rows[row * bitmap.stride : row * bitmap.stride + bitmap.width])
    page.close()
    return picture.getvalue()


def _damaged(reason: str) -> UnreadableError:
    return UnreadableError("pdf_encrypted" if "password" in reason.lower() else "pdf_damaged")
