"""Web pages: the main text, its lists with their numbers; scripts, forms and navigation left out.

The parser reads no file and no network; a page that declares entities is refused.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from lxml import etree
from lxml import html as markup

from clauses.reasons import doubt
from clauses.text import counting
from clauses.text.blocks import Blocks
from clauses.text.errors import ReadText, UnreadableError
from clauses.text.plain import decode

_ENTITIES = re.compile(r"<!ENTITY|<!DOCTYPE[^>\[]{0,500}\[", re.I)
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.I)
# how the names of encodings begin that pages are in; others that Python knows are no encodings of text, or slow
_ON_THE_WEB = ("utf-8", "cp", "iso8859", "koi8", "kz1048", "ptcp154", "mac", "gb", "big5", "shift", "euc")
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_LABELLED = re.compile(r"\s*(?:\(?\w{1,4}[.)]|[•·▪●–—-]\s)")
_NAVIGATION = re.compile(
    r"\b(?:nav(?:bar|igation)?|menu|breadcrumbs?|cookie\w*|share|social|sidebar|footer|pager)\b", re.I
)
_SILENT = frozenset(
    {
        "script", "style", "noscript", "template", "svg", "head", "form", "button", "select", "textarea", "iframe",
        "object", "embed", "audio", "video", "canvas", "map", "math", "dialog", "nav", "aside",
    }
)  # fmt: skip
_BLOCKS = frozenset(
    {
        "address", "article", "blockquote", "body", "caption", "center", "dd", "details", "div", "dl", "dt",
        "fieldset", "figcaption", "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li",
        "main", "ol", "p", "pre", "section", "summary", "table", "tbody", "tfoot", "thead", "tr", "ul", "td", "th",
    }
)  # fmt: skip
_MAY_NAVIGATE = frozenset({"div", "ul", "header", "footer", "section"})
_NUMBERS = {"a": counting.latin, "i": counting.roman}
_SHARE = 0.5  # of a page's words that its main part must hold


def read_html(data: bytes) -> ReadText:
    """The text of a page; raises UnreadableError for one that declares entities or cannot be parsed."""
    text = _characters(data)
    if _ENTITIES.search(text):
        raise UnreadableError("page_entities")
    text = text.replace("\x00", "")
    parser = markup.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = markup.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise UnreadableError("page_damaged") from error
    page = _Page()
    page.read(_main(root))
    warnings = [doubt("page_hidden", number=page.hidden)] if page.hidden else []
    return ReadText(page.blocks.text(), "text/html", tuple(warnings))


def _characters(data: bytes) -> str:
    """The page's characters: by its mark, else by what it declares, else by their looks."""
    declared = _CHARSET.search(data[:4096])
    if declared and not data.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        name = declared.group(1).decode("ascii", "replace")
        try:
            if codecs.lookup(name).name.startswith(_ON_THE_WEB):
                return data.decode(name)
        except (LookupError, ValueError):
            pass  # what a page declares is often wrong
    return decode(data)[0]


def _main(root: etree._Element) -> etree._Element:
    """The part of a page that holds its text: what is marked so, where it holds most of the words."""
    bodies = root.xpath("//body") or [root]
    body = bodies[0]
    whole = _size(body)
    for path in ("//main", "//article", "//*[@role='main']", "//*[@id='content' or @id='main-content']"):
        found = root.xpath(path)
        if len(found) == 1 and _size(found[0]) >= whole * _SHARE:
            return found[0]
    return body


def _size(element: etree._Element) -> int:
    return sum(len(words.strip()) for words in _words(element))


def _words(element: etree._Element) -> Iterator[str]:
    """The words of an element that are shown."""
    for event, node in etree.iterwalk(element, events=("start", "end")):
        if event == "start" and isinstance(node.tag, str):
            if node.tag not in _SILENT and node.text:
                yield node.text
        elif node is not element and node.tail:
            yield node.tail


class _Page:
    """Walks a page once, without recursion, and says its words in blocks."""

    def __init__(self) -> None:
        self.blocks = Blocks()
        self.hidden = 0
        self._lists: list[Iterator[str]] = []
        self._plain_rows: set[etree._Element] = set()
        self._navigation: set[etree._Element] = set()

    def read(self, element: etree._Element) -> None:
        """Say all words of an element."""
        self._navigation = _navigation(element)
        walk = etree.iterwalk(element, events=("start", "end"))
        for event, node in walk:
            if not isinstance(node.tag, str):
                self._say(node.tail)
            elif event == "start":
                if self._is_left_out(node):
                    walk.skip_subtree()
                    node.set("data-left-out", "1")
                else:
                    self._start(node)
            else:
                self._finish(node)
                if node is not element:
                    self._say(node.tail)
        self.blocks.end()

    def _is_left_out(self, node: etree._Element) -> bool:
        if node.tag in _SILENT or node in self._navigation:
            return True
        if node.get("hidden") is not None or _HIDDEN_STYLE.search(node.get("style") or ""):
            self.hidden += bool(_size(node))
            return True
        return False

    def _start(self, node: etree._Element) -> None:
        if node.tag == "tr" and _is_plain_row(node):
            self._plain_rows.add(node)
        if node.tag in _BLOCKS and not self._is_plain_cell(node):
            self.blocks.end()
        if node.tag in ("ol", "ul"):
            self._lists.append(_labels(node))
        elif node.tag == "li" and self._lists:
            label = next(self._lists[-1], "")
            if label and not _LABELLED.match(_first_words(node)):
                self.blocks.label(label, len(self._lists) - 1)
        elif node.tag == "br":
            self.blocks.say("\n")
        elif node.tag == "sup" and (node.text_content() or "").strip().isdigit():
            self.blocks.say(" ")
        self._say(node.text)

    def _is_plain_cell(self, node: etree._Element) -> bool:
        return node.tag in ("td", "th") and node.getparent() in self._plain_rows

    def _finish(self, node: etree._Element) -> None:
        if node.get("data-left-out"):
            return
        if node.tag in ("ol", "ul") and self._lists:
            self._lists.pop()
        if self._is_plain_cell(node):
            self.blocks.say("\t")
        elif node.tag in _BLOCKS:
            self.blocks.end()

    def _say(self, words: str | None) -> None:
        if words:
            self.blocks.say(words.replace("\n", " ").replace("\r", " "))


def _navigation(root: etree._Element) -> set[etree._Element]:
    """The elements that are navigation: named so, and nearly all of their words are links. Found in one pass."""
    found = set()
    around: list[tuple[int, int, bool]] = []  # of each open element: characters in links, characters, is in a link
    for event, node in etree.iterwalk(root, events=("start", "end")):
        if event == "start":
            is_link = node.tag == "a" or (bool(around) and around[-1][2])
            size = len(node.text.strip()) if node.text and node.tag not in _SILENT else 0
            around.append((size * is_link, size, is_link))
            continue
        linked, size, _ = around.pop()
        if linked * 10 >= size * 7 and _is_named_navigation(node):
            found.add(node)
        if around:
            more_linked, more, is_link = around[-1]
            tail = len(node.tail.strip()) if node.tail else 0
            around[-1] = (more_linked + linked + tail * is_link, more + size + tail, is_link)
    return found


def _is_named_navigation(node: etree._Element) -> bool:
    if node.tag not in _MAY_NAVIGATE:
        return False
    names = " ".join((node.get("class") or "", node.get("id") or "", node.get("role") or ""))
    return bool(_NAVIGATION.search(names.replace("_", "-")))


def _first_words(node: etree._Element) -> str:
    """The first words of an element, no more than a label takes."""
    words = ""
    for piece in node.itertext():
        words += piece.strip()[:20]
        if len(words) > 8:
            break
    return words


def _is_plain_row(row: etree._Element) -> bool:
    """Whether a table row is data: several cells with no blocks in them."""
    return len(row) > 1 and all(
        isinstance(cell.tag, str) and not any(child.tag in _BLOCKS for child in cell) for cell in row
    )


def _labels(node: etree._Element) -> Iterator[str]:
    """The labels of a list's items, without end."""
    if node.tag == "ul":
        while True:
            yield "•"
    style = node.get("type") or "1"
    write = _NUMBERS.get(style.lower(), counting.decimal)
    number = counting.whole(node.get("start"), 1)
    while True:
        label = write(number)
        yield f"{label.upper() if style.isupper() else label}."
        number += 1
