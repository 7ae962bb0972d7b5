"""Files made to harm whoever reads them, or merely broken: each a name, its bytes, and what must become of it."""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable
from functools import cache

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
MB = 1024 * 1024
WORDS = "The Parties will open a consulate."
READ = ""
"""Instead of a reason: the file is read, and its words are found."""


def docx(body: str = "", *, parts: Iterable[tuple[str, bytes]] = (), prologue: str = "") -> bytes:
    """A DOCX whose body holds `body` and a paragraph of words; further parts as given."""
    words = f"<w:p><w:r><w:t>{WORDS}</w:t></w:r></w:p>"
    inside = f"{prologue}<w:document xmlns:w='{W}'><w:body>{body}{words}</w:body></w:document>"
    return zipped([("word/document.xml", inside.encode()), *parts])


def zipped(parts: Iterable[tuple[str, bytes]]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in parts:
            archive.writestr(name, content)
    return packed.getvalue()


def html(body: str, head: str = "") -> bytes:
    return f"<!DOCTYPE html><html><head>{head}</head><body><p>{WORDS}</p>{body}</body></html>".encode()


def pdf(
    content: bytes = b"",
    *,
    filters: bytes = b"/FlateDecode",
    pages: int = 1,
    kids: bytes = b"3 0 R ",
    box: bytes = b"0 0 595 842",
    resources: bytes = b"",
    objects: Iterable[bytes] = (),
    trailer: bytes = b"",
) -> bytes:
    """A PDF of pages that all show one stream; `content` is the stream as it lies in the file, else some words."""
    shown = content or zlib.compress(b"BT /F1 12 Tf 72 700 Td (" + WORDS.encode() + b") Tj ET")
    all_objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count %d/Kids[%s]>>" % (pages, kids * pages),
        b"<</Type/Page/Parent 2 0 R/MediaBox[%s]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>%s>>>>" % (box, resources),
        stream(shown, b"/Filter[%s]" % filters),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        *objects,
    ]
    out, places = b"%PDF-1.4\n", []
    for number, each in enumerate(all_objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(places) + 1
    return out + b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (
        size,
        table,
        size,
        trailer,
        len(out),
    )


def stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<</Length %d%s>>stream\n%s\nendstream" % (len(content), entries, content)


def doubling_forms(depth: int = 12) -> bytes:
    """Drawings that each draw the next ten times: 10 to the power of `depth` in all."""
    forms = [
        stream(
            b"/X Do " * 10,
            b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X %d 0 R>>>>" % (number + 7),
        )
        for number in range(depth)
    ]
    last = stream(b"0 0 m 1 1 l S", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]")
    return pdf(zlib.compress(b"/X Do"), resources=b"/XObject<</X 6 0 R>>", objects=[*forms, last])


def with_lying_sizes() -> bytes:
    """A bomb whose directory says that it is small."""
    data = bytearray(docx("<w:p/>" * 5_000_000))
    for mark, field in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = data.index(mark) + field
        data[at : at + 4] = struct.pack("<I", 1000)
    return bytes(data)


def with_zip64_lie() -> bytes:
    """A part whose size, in the field for the largest archives, is 2^60."""
    extra = struct.pack("<HHQQ", 1, 16, 1 << 60, 1 << 60)
    name = b"word/document.xml"
    part = struct.pack("<4sHHHHHIIIHH", b"PK\x03\x04", 45, 0, 0, 0, 0, 0, 0xFFFFFFFF, 0xFFFFFFFF, len(name), len(extra))
    part += name + extra + b"<a/>"
    entry = struct.pack(
        "<4sHHHHHHIIIHHHHHII",
        *(b"PK\x01\x02", 45, 45, 0, 0, 0, 0, 0, 0xFFFFFFFF, 0xFFFFFFFF, len(name), len(extra), 0, 0, 0, 0, 0),
    )
    entry += name + extra
    return part + entry + struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 1, 1, len(entry), len(part), 0)


def with_a_part_twice() -> bytes:
    """Two bodies under one name: word processors and we might read different ones."""
    data = docx(parts=[("word/documenX.xml", b"<a/>")])
    return data.replace(b"word/documenX.xml", b"word/document.xml")


def locked_zip() -> bytes:
    """A part that says it is encrypted."""
    data = bytearray(docx())
    for mark, field in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + field] |= 1
    return bytes(data)


def laughs(levels: int = 10) -> str:
    """A document type whose entities hold each other ten times."""
    inside = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, levels))
    return f"<!DOCTYPE lolz [<!ENTITY l0 'lol'>{inside}]>"


def in_utf7(text: str) -> bytes:
    """UTF-7 in which no angle bracket or exclamation mark is left: no search of the bytes finds a declaration."""
    return text.replace("<", "+ADw-").replace("!", "+ACE-").replace(">", "+AD4-").encode()


def utf7_docx() -> bytes:
    declaration = b"<?xml version='1.0' encoding='UTF-7'?>"
    body = f"<!DOCTYPE d [<!ENTITY e 'x'>]><w:document xmlns:w='{W}'><w:body/></w:document>"
    return zipped([("word/document.xml", declaration + in_utf7(body))])


def noise(size: int) -> bytes:
    return random.Random(1).randbytes(size)  # noqa: S311 - the same noise each time


def numbered(start: str, pattern: str, items: int = 2000) -> bytes:
    """A list whose definition says `start` and `pattern`."""
    level = f"<w:lvl w:ilvl='0'><w:start w:val='{start}'/><w:lvlText w:val='{pattern}'/></w:lvl>"
    lists = f"<w:abstractNum w:abstractNumId='1'>{level}</w:abstractNum>"
    lists += "<w:num w:numId='1'><w:abstractNumId w:val='1'/></w:num>"
    numbering = f"<w:numbering xmlns:w='{W}'>{lists}</w:numbering>"
    item = "<w:p><w:pPr><w:numPr><w:ilvl w:val='0'/><w:numId w:val='1'/></w:numPr></w:pPr><w:r><w:t>x</w:t></w:r></w:p>"
    return docx(item * items, parts=[("word/numbering.xml", numbering.encode())])


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 504
LOCKED = b"/Encrypt<</Filter/Standard/V 1/R 2/P -44/O<%s>/U<%s>>>/ID[<00><00>]" % (b"41" * 32, b"42" * 32)
PICTURE = b"/Type/XObject/Subtype/Image/Width 50000/Height 50000/BitsPerComponent 1/ColorSpace/DeviceGray"

FILES: dict[str, tuple[Callable[[], bytes], str]] = {
    # nothing, or too much
    "empty.txt": (lambda: b"", "is empty"),
    "only-a-mark.txt": (lambda: b"\xef\xbb\xbf", "has no text"),
    "only-a-wide-mark.txt": (lambda: b"\xff\xfe", "has no text"),
    "white-space.txt": (lambda: b" \r\n\t" * 1000, "is empty"),
    "wide-white-space.txt": (lambda: (" \n" * 1000).encode("utf-16"), "has no text"),
    "25-mb-and-one.txt": (lambda: b"a" * (25 * MB + 1), "larger than 25 MB"),
    "100-mb.txt": (lambda: b"a" * (100 * MB), "larger than 25 MB"),
    "six-million-letters.txt": (lambda: b"a " * 3_000_000, "more than 5 million"),
    # archives
    "bomb.docx": (lambda: docx("<w:p/>" * 10_000_000), "unpacks to more"),
    "bomb-in-styles.docx": (lambda: docx(parts=[("word/styles.xml", b" " * 50 * MB)]), "unpacks to more"),
    "bomb-of-two-megabytes.docx": (lambda: docx("<w:p/>" * 350_000), "unpacks to more"),
    "bomb-in-many-parts.docx": (
        lambda: docx(parts=[(f"word/{n}.xml", noise(10_000) * 90) for n in range(60)]),
        "unpacks to more",
    ),
    "lying-sizes.docx": (with_lying_sizes, "damaged"),
    "zip64-lie.docx": (with_zip64_lie, "unpacks to more"),
    "three-thousand-parts.docx": (lambda: docx(parts=[(f"{n}", b"") for n in range(3000)]), "not one of a document"),
    "a-part-twice.docx": (with_a_part_twice, "not one of a document"),
    "archive-in-archive.docx": (lambda: zipped([("word/document.docx", docx())]), "not a document"),
    "slips-out.docx": (lambda: docx(parts=[("../../../tmp/slipped", b"x"), ("/etc/slipped", b"x")]), READ),
    "locked.zip.docx": (locked_zip, "encrypted"),
    "locked.docx": (lambda: OLE, "encrypted"),
    "cut-off.docx": (lambda: docx("<w:p/>" * 1000)[:-40], "damaged"),
    "broken-inside.docx": (
        lambda: docx().replace(b"word/document.xml", b"word/document.xmk", 1),
        "damaged",
    ),
    # XML
    "doctype.docx": (lambda: docx(prologue="<!DOCTYPE d>"), "declares entities"),
    "laughs.docx": (lambda: docx("&l9;", prologue=laughs()), "declares entities"),
    "file-entity.docx": (
        lambda: docx("&e;", prologue="<!DOCTYPE d [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>"),
        "declares entities",
    ),
    "doctype-in-utf-16.docx": (
        lambda: zipped([("word/document.xml", "<!DOCTYPE d [<!ENTITY e 'x'>]><d/>".encode("utf-16"))]),
        "declares entities",
    ),
    "doctype-in-utf-7.docx": (utf7_docx, "declares entities|damaged"),
    "xinclude.docx": (
        lambda: docx("<x:include xmlns:x='http://www.w3.org/2001/XInclude' parse='text' href='file:///etc/passwd'/>"),
        READ,
    ),
    "deep.docx": (lambda: docx("<w:p>" * 100_000 + "</w:p>" * 100_000), "unpacks to more"),
    "deep-with-noise.docx": (
        lambda: docx("".join(f"<w:p w:x='{n}'>" for n in range(100_000)) + "</w:p>" * 100_000),
        "damaged",
    ),
    "one-long-word.docx": (lambda: docx(f"<w:p><w:r><w:t>{noise(6 * MB).hex()}</w:t></w:r></w:p>"), "damaged|million"),
    "no-number.docx": (lambda: numbered("²" * 9, "%1."), READ),
    "number-of-5000-digits.docx": (lambda: numbered("9" * 5000, "%1."), READ),
    "label-of-a-megabyte.docx": (lambda: numbered("1", "%1" + "x" * 1_000_000), READ),
    # pages
    "laughs.html": (lambda: laughs().encode() + b"<html><body>&l9;</body></html>", "declares entities"),
    "deep.html": (lambda: html("<div>" * 100_000 + "end"), READ + "|parsed"),
    "deep-menus.html": (lambda: html("<div class=menu>" * 250 + "<b>word</b> " * 9000), READ),
    "deep-lists.html": (lambda: html("<ol>" * 250 + "<li>x" * 15_000), READ),
    "list-from-5000-digits.html": (lambda: html(f"<ol start={'9' * 5000}><li>x</ol>"), READ),
    "strange-encoding.html": (lambda: b"<html><meta charset=punycode><body><p>" + b"a-b" * 200_000, "^$|parsed"),
    "noughts.html": (lambda: html("\x00" * 1000), READ),
    # PDF
    "bomb.pdf": (lambda: pdf(zlib.compress(b" " * 100 * MB, 9)), "unpacks to more"),
    "bomb-of-text.pdf": (lambda: pdf(zlib.compress(b"(aaaaaaaaaa) Tj " * 1_000_000, 9)), "unpacks to more"),
    "bomb-in-layers.pdf": (
        lambda: pdf(zlib.compress(zlib.compress(b" " * 200 * MB, 9), 9), filters=b"/FlateDecode/FlateDecode"),
        "unpacks to more",
    ),
    "10000-pages.pdf": (lambda: pdf(pages=10_000), "more than 500 pages"),
    "pages-in-a-ring.pdf": (lambda: pdf(kids=b"2 0 R ", pages=3), "damaged|no text"),
    "blank.pdf": (lambda: pdf(zlib.compress(b"BT ET")), "no text"),
    "endless-page.pdf": (lambda: pdf(box=b"0 0 1e30 1e30"), READ),
    "locked.pdf": (lambda: pdf(trailer=LOCKED), "encrypted"),
    "cut-off.pdf": (lambda: pdf()[:200], "damaged"),
    "only-a-head.pdf": (lambda: b"%PDF-1.7\n", "damaged"),
    # of another kind than they say
    "rtf.docx": (lambda: rb"{\rtf1\ansi words}", "RTF"),
    "picture.txt": (lambda: b"\x89PNG\r\n\x1a\n" + noise(1000), "a picture"),
    "photograph.docx": (lambda: b"\xff\xd8\xff\xe0" + noise(1000), "a picture"),
    "packed.pdf": (lambda: b"\x1f\x8b\x08\x00" + noise(1000), "compressed archive"),
    "program.txt": (lambda: b"\x7fELF" + noise(1000), "a program"),
    "noise.txt": (lambda: noise(100_000), "binary data"),
    "page.pdf": (lambda: html(""), READ),
    "document.txt": (docx, READ),
    "archive-behind-a-pdf-head.pdf": (lambda: b"%PDF-1.4\n" + docx(), "damaged"),
    "pdf-head-in-an-archive.docx": (lambda: docx(parts=[("%PDF-1.4", b"%PDF-1.4")]), READ),
    # letters
    "noughts.txt": (lambda: b"a\x00b" * 1000, "binary data"),
    "odd-length.txt": (lambda: WORDS.encode("utf-16") + b"\x00", "damaged"),
    "lone-surrogates.txt": (lambda: b"\xff\xfe" + b"\x00\xd8" * 100, "damaged"),
    "bytes-that-are-no-utf-8.txt": (lambda: WORDS.encode() + b"\xc3\x28\xa0\xa1" * 100, READ),
    "no-line-breaks.txt": (lambda: (WORDS + " ").encode() * 3000, READ),
    "only-numbers.txt": (lambda: WORDS.encode() + b"\n1.1.1.1.1" * 10_000, READ),
    "only-brackets.txt": (lambda: WORDS.encode() + b"((((((((((" * 10_000, READ),
    "only-marks.txt": ((WORDS + "\u202e\u200b\u0301" * 30_000).encode, READ),
}


@cache
def made(name: str) -> bytes:
    """The bytes of a file, made once."""
    return FILES[name][0]()
