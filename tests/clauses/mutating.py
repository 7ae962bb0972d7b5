"""Documents changed at random, for each format: seeds of our own, and changes to their bytes and inside their packing.

One number gives one document, always the same: `mutated("docx", 4711)`.
"""

from __future__ import annotations

import io
import random
import re
import zipfile
import zlib
from collections.abc import Callable
from copy import deepcopy
from functools import cache
from html import escape
from itertools import islice
from pathlib import Path

from lxml import etree

from tests.clauses import hostile

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "tracker" / "samples"
DOCUMENTS = Path(__file__).parent / "cases" / "documents"
FORMATS = ("txt", "html", "docx", "pdf")
LARGEST = 200_000
_SMALL = 20  # elements of a piece that may be doubled
_MANY = 2_000  # elements of a part that is not made larger
_NAMES = (
    *("p", "r", "t", "tab", "br", "cr", "tbl", "tr", "tc", "ins", "del", "moveFrom", "moveTo", "txbxContent", "rPr"),
    *("vanish", "pPr", "numPr", "ilvl", "numId", "footnoteReference", "endnoteReference", "sdt", "pStyle", "basedOn"),
    *("lvl", "abstractNum", "num", "lvlOverride", "startOverride", "lvlText", "numFmt", "start", "isLgl", "style"),
)
_VALUES = (
    "",
    "0",
    "1",
    "-1",
    "99",
    "9" * 30,
    "x",
    "²",
    "%1.%9",
    "bullet",
    "none",
    "lowerRoman",
    "russianLower",
    "false",
)
_BROKEN_ZIP = (zipfile.BadZipFile, zlib.error, OSError, ValueError, RuntimeError, NotImplementedError, EOFError)
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.S)
_BARE = str.maketrans("", "", "()\\")
# what formats and the rules of the parser take for signs: put in anywhere
_TOKENS = {
    "txt": (
        *("\n\n", "1.", "1.1.1.", "(a)", "(iv)", "Article 5", "Статья 1", "3-бап", "•", "- ", ";", ":", "…", "“", "»"),
        *(
            "\u202e",
            "\u200b",
            "\u0301",
            "\u00ad",
            "\ufeff",
            "\x0c",
            "\x85",
            "\u2028",
            "İ",
            "ß",
            "ﬁ",
            "𝟏",
            "٣",
            "²",
            "Ⅳ",
        ),
        *("31 December 2026", "0 May 0000", "32.13.99999", "within 99999999999 years", "by the end of 9999", "Q9 2026"),
        *(" shall ", " agreed to ", " обязуются ", " міндеттенеді ", "2026 жылға дейін", "не позднее 2026 года"),
    ),
    "html": (
        *("<p>", "</p>", "<ol>", "<ol start=-5 type=I>", "</ol>", "<li>", "<table><tr><td>", "</table>", "<!--", "-->"),
        *(
            "<![CDATA[",
            "]]>",
            "&#0;",
            "&#xD800;",
            "&#x10ffff;",
            "&lt;",
            "&nosuch;",
            "<div hidden>",
            "<script>",
            "<svg>",
        ),
        *("<main>", "<article>", "<body>", "<sup>1</sup>", "<meta charset=utf-16>", "<base href=x>", "\x00", "<br>"),
    ),
    "docx": (
        *("<w:p>", "</w:p>", "<w:tbl><w:tr><w:tc>", "<w:del>", "<w:vanish/>", "<w:tab/>", "<w:txbxContent>", "<w:r>"),
        *("<w:footnoteReference w:id='1'/>", "<w:numId w:val='1'/>", "<w:ilvl w:val='99'/>", "w:val='-1'", "&#0;"),
        *("<!DOCTYPE d>", "<!--", "-->", "<?x ?>", "]]>", "%9", "%1.%2.%3", "xmlns:w=''"),
    ),
    "pdf": (
        *(
            " Tj ",
            " TJ ",
            " Td ",
            " Tm ",
            " Do ",
            " BT ",
            " ET ",
            " q ",
            " Q ",
            " 1e38 ",
            " -1 ",
            "/F1 0 Tf",
            "/F1 1e9 Tf",
        ),
        *("<</", ">>", "[", "]", "0 R", "2 0 R", "endobj", "stream\n", "endstream", "/Kids", "/Count 9", "/Rotate 90"),
        *("/MediaBox[0 0 0 0]", "/MediaBox[9 9 -9 -9]", "/Filter/LZWDecode", "/Encrypt 1 0 R", "xref", "(\\000\\001)"),
    ),
}


def mutated(kind: str, number: int) -> bytes:
    """The document of a format that belongs to a number."""
    chance = random.Random(number)  # noqa: S311 - it must come again
    seed = chance.choice(seeds(kind))
    within = WITHIN.get(kind)
    for _ in range(chance.choice((1, 1, 1, 2, 4, 8))):
        seed = within(seed, chance) if within and chance.random() < 0.75 else changed(seed, kind, chance)
    return seed[:LARGEST]


def unpacked_size(kind: str, data: bytes) -> int:
    """How many bytes a document has without its packing, as far as it can be unpacked."""
    if kind == "docx":
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                return max(len(data), sum(part.file_size for part in archive.infolist()))
        except _BROKEN_ZIP:
            return len(data)
    streams = _STREAM.finditer(data) if kind == "pdf" else ()
    return len(data) + sum(_inflated(found[1]) for found in streams)


def _inflated(packed: bytes) -> int:
    try:
        return len(zlib.decompressobj().decompress(packed, 10 * LARGEST))
    except zlib.error:
        return 0


def changed(data: bytes, kind: str, chance: random.Random) -> bytes:
    """Some bytes with one change."""
    a, b = sorted(chance.randint(0, len(data)) for _ in range(2))
    piece = data[a : min(b, a + chance.choice((1, 4, 30, 1000, 20_000)))]
    token = chance.choice(_TOKENS[kind]).encode("utf-8", "surrogatepass")
    match chance.randrange(8):
        case 0:
            return data[:a] + data[a + len(piece) :]
        case 1:
            return data[:a] + piece * chance.choice((2, 3, 50)) + data[a + len(piece) :]
        case 2:
            return data[:a] + token * chance.choice((1, 1, 2, 300)) + data[a:]
        case 3:
            return data[:a] + token + data[a + len(token) :]
        case 4:
            return data[:a] + bytes(chance.randrange(256) for _ in range(chance.randint(1, 8))) + data[a + 1 :]
        case 5:
            return data[:a] + chance.choice(seeds(kind))[a:]
        case 6:
            return data[:a]
        case _:
            return data[:a] + data[b:] + data[a:b]


def _in_a_part(data: bytes, chance: random.Random) -> bytes:
    """A DOCX with a change in one of its parts, packed again."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = [(name, archive.read(name)) for name in archive.namelist()]
    except _BROKEN_ZIP:
        return data
    texts = [at for at, (name, _) in enumerate(parts) if name.endswith(".xml")]
    if not texts:
        return data
    at = chance.choice(texts)
    name, part = parts[at]
    new = changed(part, "docx", chance) if chance.random() < 0.2 else _in_the_tree(part, chance)
    parts[at] = (name, new[: 4 * LARGEST])
    return hostile.zipped(parts)


def _in_the_tree(part: bytes, chance: random.Random) -> bytes:
    """An XML part with elements lost, doubled, moved, renamed or given another value; well-formed still."""
    try:
        root = etree.fromstring(part, etree.XMLParser(resolve_entities=False))
    except etree.XMLSyntaxError:
        return part
    nodes = [node for node in root.iter() if isinstance(node.tag, str)]
    if len(nodes) > _MANY:
        return part
    for _ in range(chance.randint(1, 6)):
        node, other = chance.choice(nodes), chance.choice(nodes)
        small = sum(1 for _ in islice(node.iter(), _SMALL)) < _SMALL
        match chance.randrange(7):
            case 0 if node is not root and node.getparent() is not None:
                node.getparent().remove(node)
            case 1 if small:
                other.extend(deepcopy(node) for _ in range(chance.choice((1, 2, 5))))
            case 2 if small:
                other.append(deepcopy(node))
            case 3:
                node.tag = _name(chance.choice(_NAMES))
            case 4:
                node.set(_name(chance.choice(("val", "id", "ilvl", "numId"))), chance.choice(_VALUES))
            case 5:
                etree.SubElement(node, _name(chance.choice(_NAMES)))
            case _:
                node.text = chance.choice(_TOKENS["txt"]).replace("\x0c", "")
    return etree.tostring(root)


def _in_a_stream(data: bytes, chance: random.Random) -> bytes:
    """A PDF with a change in one of its unpacked streams, packed again."""
    found = list(_STREAM.finditer(data))
    if not found:
        return data
    stream = chance.choice(found)
    try:
        content = zlib.decompress(stream[1])
    except zlib.error:
        return data
    packed = zlib.compress(changed(content, "pdf", chance)[: 4 * LARGEST])
    return data[: stream.start(1)] + packed + data[stream.end(1) :]


def _in_letters(data: bytes, chance: random.Random) -> bytes:
    """A text in another encoding, or with a word of another script in it."""
    if chance.random() < 0.1:
        encoding = chance.choice(("utf-16", "utf-16-be", "utf-32", "cp1251", "kz1048", "koi8-r", "cp1252"))
        return data.decode("utf-8", "replace").encode(encoding, "replace")
    return changed(data, "txt", chance)


WITHIN: dict[str, Callable[[bytes, random.Random], bytes]] = {
    "txt": _in_letters,
    "docx": _in_a_part,
    "pdf": _in_a_stream,
}
"""One change of what a document of a format holds inside its packing."""


def _name(local: str) -> str:
    return f"{{{hostile.W}}}{local}"


@cache
def seeds(kind: str) -> list[bytes]:
    """Our own documents of a format, and pieces of them."""
    texts = [path.read_text("utf-8") for path in sorted(SAMPLES.glob("*.txt"))]
    pieces = [*texts, *("\n\n".join(text.split("\n\n")[at : at + 6]) for text in texts for at in range(0, 30, 3))]
    pieces = [piece for piece in pieces if piece.strip()]
    own = [path.read_bytes() for path in sorted(DOCUMENTS.glob(f"*.{kind}")) if not path.stem.startswith("scan")]
    return own + [_AS[kind](piece) for piece in pieces]


def _as_html(text: str) -> bytes:
    paragraphs = "".join(
        f"<li>{escape(each)}" if each[:1] == "(" else f"<p>{escape(each)}</p>" for each in _split(text)
    )
    return hostile.html(f"<ol>{paragraphs}</ol><table><tr><td>a<td>b</table><div class=menu><a>x</a></div>")


def _as_docx(text: str) -> bytes:
    body = "".join(f"<w:p><w:r><w:t>{escape(each)}</w:t></w:r></w:p>" for each in _split(text))
    level = "<w:lvl w:ilvl='0'><w:start w:val='1'/><w:numFmt w:val='lowerRoman'/><w:lvlText w:val='%1.'/></w:lvl>"
    numbering = (
        f"<w:numbering xmlns:w='{hostile.W}'><w:abstractNum w:abstractNumId='1'>{level}</w:abstractNum>"
        "<w:num w:numId='1'><w:abstractNumId w:val='1'/></w:num></w:numbering>"
    )
    item = "<w:p><w:pPr><w:numPr><w:ilvl w:val='0'/><w:numId w:val='1'/></w:numPr></w:pPr><w:r><w:t>x</w:t></w:r></w:p>"
    return hostile.docx(body + item * 2, parts=[("word/numbering.xml", numbering.encode())])


def _as_pdf(text: str) -> bytes:
    lines = [line for each in _split(text) for line in re.findall(r".{1,80}(?:\s|$)", each)][:50]
    shown = "".join(f"({line.translate(_BARE)}) Tj 0 -14 Td " for line in lines)
    content = f"BT /F1 11 Tf 60 780 Td {shown} ET".encode("cp1252", "replace")
    return hostile.pdf(zlib.compress(content))


def _split(text: str) -> list[str]:
    return [" ".join(each.split()) for each in text.split("\n\n") if each.strip()]


_AS: dict[str, Callable[[str], bytes]] = {
    "txt": lambda text: text.encode(),
    "html": _as_html,
    "docx": _as_docx,
    "pdf": _as_pdf,
}
