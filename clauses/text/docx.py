"""DOCX: body, tables, text boxes and footnotes; automatic numbers as text, tracked changes as accepted."""

from __future__ import annotations

from lxml import etree

from clauses.reasons import doubt
from clauses.text.archive import Archive
from clauses.text.blocks import Blocks
from clauses.text.docx_numbers import Numbers, W
from clauses.text.docx_shown import inked, is_white, unread
from clauses.text.errors import ReadText, UnreadableError

_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_BODY = "word/document.xml"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_LEFT_OUT = frozenset(f"{W}{name}" for name in ("del", "moveFrom", "instrText", "delText", "pPr", "sectPr", "tblPr"))
_CHARACTERS = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
_NOTES = {f"{W}footnoteReference": "footnote", f"{W}endnoteReference": "endnote"}


def read_docx(data: bytes) -> ReadText:
    """The text of a DOCX file; raises UnreadableError for any other, and for a bomb or a damaged one."""
    archive = Archive(data)
    body = archive.xml(_BODY)
    if body is None:
        raise UnreadableError("archive_other")
    writer = _Writer(Numbers.of(archive.xml("word/numbering.xml"), archive.xml("word/styles.xml")))
    writer.write(body)
    notes = {sort: archive.xml(f"word/{sort}s.xml") for sort in ("footnote", "endnote")}
    for sort, part in notes.items():
        writer.write_notes(part, sort)
    warnings = [*writer.warnings(), *unread([body, *notes.values()], writer.said)]
    return ReadText(writer.blocks.text(), _TYPE, tuple(warnings))


class _Writer:
    """Walks the parts of a document once, without recursion, and says their words in blocks."""

    def __init__(self, numbers: Numbers) -> None:
        self.blocks = Blocks()
        self._numbers = numbers
        self._notes: dict[tuple[str, str], int] = {}
        self.said = 0  # characters, white space aside
        self._hidden = self._dropped = self._white = 0
        self._boxes: list[etree._Element] = []
        self._rows: dict[etree._Element, bool] = {}

    def warnings(self) -> list[str]:
        """What a reader of the text should know of the document."""
        told = []
        if self._hidden:
            told.append(doubt("hidden", number=self._hidden))
        if self._dropped:
            told.append(doubt("deleted", number=self._dropped))
        if self._white:
            told.append(doubt("white", number=self._white))
        return told

    def write(self, root: etree._Element) -> None:
        """Say the words of a part; text boxes follow the paragraph that they are anchored in."""
        self._walk(root)
        while self._boxes:
            self._walk(self._boxes.pop(0))

    def write_notes(self, root: etree._Element | None, sort: str) -> None:
        """Say the notes that the text refers to, with their numbers in square brackets, in that order."""
        if root is None:
            return
        found = {note.get(f"{W}id", ""): note for note in root.iter(f"{W}{sort}")}
        for (kind, name), number in self._notes.items():
            if kind == sort and name in found:
                self.blocks.end()
                self.blocks.say(f"[{number}] ")
                self._walk(found[name], inline=True)
                self.blocks.end()

    def _walk(self, root: etree._Element, *, inline: bool = False) -> None:
        walk = etree.iterwalk(root, events=("start", "end"))
        for event, node in walk:
            if event == "start":
                if self._is_left_out(node, root):
                    walk.skip_subtree()
                else:
                    self._start(node, inline=inline)
            elif node.tag == f"{W}p" and not inline:
                self._end_paragraph(node)
            elif node.tag == f"{W}tr":
                self.blocks.end()

    def _is_left_out(self, node: etree._Element, root: etree._Element) -> bool:
        if node.tag == f"{W}txbxContent" and node is not root:
            self._boxes.append(node)
            return True
        if node.tag in (f"{W}del", f"{W}moveFrom"):
            self._dropped += 1
        if node.tag == f"{W}r" and _is_hidden(node):
            self._hidden += 1
            return True
        return node.tag in _LEFT_OUT or node.tag == _FALLBACK

    def _start(self, node: etree._Element, *, inline: bool) -> None:
        if node.tag == f"{W}t":
            self.said += inked(node.text)
            self.blocks.say((node.text or "").replace("\n", " "))
        elif node.tag == f"{W}r":
            self._white += is_white(node) and _has_words(node)
        elif node.tag in _CHARACTERS:
            self.blocks.say(_CHARACTERS[node.tag])
        elif node.tag in _NOTES:
            key = (_NOTES[node.tag], node.get(f"{W}id", ""))
            self.blocks.say(f"[{self._notes.setdefault(key, len(self._notes) + 1)}]")
        elif node.tag == f"{W}p" and not inline:
            self._start_paragraph(node)

    def _start_paragraph(self, node: etree._Element) -> None:
        if self._is_cell_of_row(node):
            return
        self.blocks.end()
        if not _has_words(node):
            return
        label, depth = self._numbers.label(node)
        if label:
            self.blocks.label(label, depth)

    def _end_paragraph(self, node: etree._Element) -> None:
        if self._is_cell_of_row(node):
            self.blocks.say("\t")
            return
        self.blocks.end()
        boxes, self._boxes = self._boxes, []
        for box in boxes:
            self._walk(box)

    def _is_cell_of_row(self, paragraph: etree._Element) -> bool:
        """Whether a paragraph is a cell of a row of data."""
        cell = paragraph.getparent()
        row = cell.getparent() if cell is not None and cell.tag == f"{W}tc" else None
        if row is None:
            return False
        if row not in self._rows:
            self._rows[row] = _is_data(row)
        return self._rows[row]


def _is_hidden(run: etree._Element) -> bool:
    hidden = run.find(f"{W}rPr/{W}vanish")
    return hidden is not None and hidden.get(f"{W}val") not in ("0", "false")


def _has_words(part: etree._Element) -> bool:
    return any((words.text or "").strip() for words in part.iter(f"{W}t"))


def _is_data(row: etree._Element) -> bool:
    """Whether a table row is data: every cell has one paragraph, and none is numbered."""
    cells = row.findall(f"{W}tc")
    plain = all(len(each.findall(f"{W}p")) == 1 and each.find(f"{W}tbl") is None for each in cells)
    return len(cells) > 1 and plain and not any(each.find(f"{W}p/{W}pPr/{W}numPr") is not None for each in cells)
