"""The lines of a PDF page in reading order: characters by their boxes, columns one after the other."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

GLYPHS = 0xE000
"""Where the numbers of glyphs begin that stand for letters in fonts without a Unicode map."""

_GAP = 1.8  # heights of a letter between two letters of one line that set columns apart
_SPACE = 0.25  # heights of a letter that are a space where none was written
_FULL = 0.55  # of the page's width that a line across both columns has
_EACH = 5  # lines that a column has at least
_NOTHING = frozenset({0, 0x0A, 0x0D})
# a hyphen at the end of a line comes out as any of three; glyph numbers are kept apart from white space
_SIGNS = {code: chr(GLYPHS + code) for code in range(3, 32)} | {0x02: "-", 0xFFFE: "-", 0xAD: "-", 0x09: " "}


@dataclass(slots=True)
class Line:
    """A line of a page: its words and its box in points, `top` larger than `bottom`; `column` 0 where it is alone."""

    words: str
    left: float
    right: float
    bottom: float
    top: float
    size: float
    page: int = 0
    column: int = 0

    @property
    def middle(self) -> float:
        """The height of its middle on the page."""
        return (self.top + self.bottom) / 2


class _Letter(NamedTuple):
    sign: str
    left: float
    right: float
    bottom: float
    top: float


def page_lines(textpage: Any, width: float, page: int) -> list[Line]:
    """The lines of one page from the top down, the left column before the right one."""
    pieces = list(_pieces(_letters(textpage)))
    lines = _ordered(pieces, width)
    for line in lines:
        line.page = page
    return lines


def _letters(textpage: Any) -> Iterator[_Letter]:
    """The characters of a page with their boxes, in the order in which the page draws them."""
    raw = textpage.raw
    box = pdfium.FS_RECTF()
    into = ctypes.byref(box)
    letter_at, box_at = pdfium.FPDFText_GetUnicode, pdfium.FPDFText_GetLooseCharBox
    for index in range(pdfium.FPDFText_CountChars(raw)):
        code = letter_at(raw, index)
        if code not in _NOTHING and box_at(raw, index, into):
            sign = _SIGNS.get(code) or (chr(code) if code < 0xD800 or 0xDFFF < code < 0x110000 else "\ufffd")
            yield _Letter(sign, box.left, box.right, box.bottom, box.top)


def _pieces(letters: Iterator[_Letter]) -> Iterator[Line]:
    """Runs of letters on one line without a wide gap."""
    run: list[_Letter] = []
    last: _Letter | None = None  # the last of the run that is no space
    height = 0.0
    for letter in letters:
        if letter.sign.isspace():
            if run and run[-1] is last:
                run.append(letter)
            continue
        if last is not None and _breaks(last, letter, height):
            yield _piece(run)
            run, height = [], 0.0
        run.append(letter)
        last = letter
        height = max(height, letter.top - letter.bottom)
    if run:
        yield _piece(run)


def _breaks(last: _Letter, letter: _Letter, height: float) -> bool:
    _, last_left, last_right, last_bottom, last_top = last
    _, left, _, bottom, top = letter
    if left - last_right > height * _GAP or left < last_left - height:
        return True
    overlap = (last_top if last_top < top else top) - (last_bottom if last_bottom > bottom else bottom)
    return overlap < -height * 0.6 or (overlap <= 0 and left < last_left)


def _piece(run: list[_Letter]) -> Line:
    """A run, which begins with a letter, as a line: its words, with a space where letters stand apart."""
    signs, lefts, rights, bottoms, tops = zip(*(letter for letter in run if not letter.sign.isspace()), strict=True)
    heights = [top - bottom for top, bottom in zip(tops, bottoms, strict=True)]
    apart = max(heights) * _SPACE * 1.6
    sizes = sorted(height for height, sign in zip(heights, signs, strict=True) if sign.isalnum()) or [max(heights)]
    words: list[str] = []
    until = run[0].left
    for sign, left, right, _, _ in run:
        words.append(f" {sign}" if left - until > apart else sign)
        until = right
    return Line(
        words=" ".join("".join(words).split()),
        left=min(lefts),
        right=max(rights),
        bottom=min(bottoms),
        top=max(tops),
        size=sizes[len(sizes) * 3 // 4],
    )


def _ordered(pieces: list[Line], width: float) -> list[Line]:
    """Pieces put into lines, band by band: what runs across the page divides the columns above and below it."""
    gutter = _gutter(pieces, width)
    if gutter is None:
        return _joined(pieces, 0)
    lines: list[Line] = []
    band: list[Line] = []
    for piece in sorted(pieces, key=lambda each: -each.middle):
        if piece.left < gutter < piece.right:
            lines += _columns(band, gutter)
            band = []
            lines.append(piece)
        else:
            band.append(piece)
    return lines + _columns(band, gutter)


def _columns(band: list[Line], gutter: float) -> list[Line]:
    left = [piece for piece in band if piece.left < gutter]
    right = [piece for piece in band if piece.left >= gutter]
    return _joined(left, 1) + _joined(right, 2)


def _gutter(pieces: list[Line], width: float) -> float | None:
    """Where the page is divided into two columns; None where it has one."""
    if len(pieces) < 2 * _EACH:
        return None
    best: tuple[int, float] | None = None
    for share in range(38, 64, 2):
        at = width * share / 100
        crossing = sum(piece.left < at < piece.right for piece in pieces)
        if best is None or crossing < best[0]:
            best = (crossing, at)
    if best is None or best[0] * 5 > len(pieces):
        return None
    left = [piece for piece in pieces if piece.right <= best[1] and _is_wide(piece, width)]
    right = [piece for piece in pieces if piece.left >= best[1] and _is_wide(piece, width)]
    return best[1] if min(len(left), len(right)) >= _EACH else None


def _is_wide(piece: Line, width: float) -> bool:
    return piece.right - piece.left > width * 0.2


def _joined(pieces: list[Line], column: int) -> list[Line]:
    """Pieces at one height as one line, from the top down."""
    lines: list[Line] = []
    for piece in sorted(pieces, key=lambda each: (-each.middle, each.left)):
        last = lines[-1] if lines else None
        if last and min(last.top, piece.top) - max(last.bottom, piece.bottom) > 0.5 * min(last.size, piece.size):
            first, second = (last, piece) if last.left <= piece.left else (piece, last)
            lines[-1] = _merged(first, second)
        else:
            lines.append(piece)
        lines[-1].column = column
    return lines


def _merged(first: Line, second: Line) -> Line:
    near = second.left - first.right < 0.15 * max(first.size, second.size)
    return Line(
        words=first.words + ("" if near else " ") + second.words,
        left=first.left,
        right=max(first.right, second.right),
        bottom=min(first.bottom, second.bottom),
        top=max(first.top, second.top),
        size=max(first.size, second.size),
    )
