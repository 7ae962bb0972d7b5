"""Plain text: bytes in any usual encoding into characters."""

from __future__ import annotations

import codecs
import re

from clauses.reasons import doubt
from clauses.text.errors import ReadText, UnreadableError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 65_536
_HIGH = re.compile(rb"[\x80-\xff]")
_LETTER = re.compile(rb"[A-Za-z\x80-\xff]")
_KAZAKH_BYTES = re.compile(rb"[\x8d\x8e\x9d\x9e\xa1-\xa3\xa5\xaa\xaf\xb4\xba\xbc-\xbf]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_COMMON = re.compile("[оеаинтсрвлкмдпу]")
_COMMENT = re.compile("<!--.*?-->", re.S)
_MARKUP = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}>\s*)?<(?:!doctype|html|head|body|article|main|section|header|div|p|h[1-6]|table"
    r"|ul|ol|meta|title|center|span)\b",
    re.I | re.S,
)


def read_plain(data: bytes) -> ReadText:
    """The text of a plain text file, line breaks made one kind; raises UnreadableError for what is no text."""
    text, encoding = decode(data)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    odd = len(_CONTROL.findall(text[:_SAMPLE]))
    if odd * 100 > min(len(text), _SAMPLE) or "\x00" in text:
        raise UnreadableError("binary")
    doubtful = encoding not in ("utf-8", "utf-8-sig", "utf-16", "utf-32")
    warnings = (doubt("encoding", encoding=encoding),) if doubtful else ()
    return ReadText(_CONTROL.sub("", text) if _CONTROL.search(text) else text, "text/plain", warnings)


def decode(data: bytes) -> tuple[str, str]:
    """The characters of some bytes and the encoding they were taken to be in; raises UnreadableError for none."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _decoded(data, encoding), encoding
    wide = _wide_encoding(data)
    if wide:
        return _decoded(data, wide), wide
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        encoding = _one_byte_encoding(data[:_SAMPLE])
        return data.decode(encoding, "replace"), encoding


def is_markup(data: bytes) -> bool:
    """Whether some bytes are an HTML page: they begin as one."""
    try:
        head = decode(data[:4096] if len(data) % 2 or len(data) > 4096 else data)[0]
    except UnreadableError:
        return False
    return bool(_MARKUP.match(_COMMENT.sub("", head.lstrip("\ufeff"))))


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableError("encoding_damaged", encoding=encoding.upper(), byte=error.start) from error


def _wide_encoding(data: bytes) -> str | None:
    """UTF-16 without a mark: every other byte of its spaces and line breaks is nought."""
    sample = data[:_SAMPLE]
    if b"\x00" not in sample:
        return None
    little = sum(sample.count(each) for each in (b" \x00", b"\n\x00", b"\r\x00"))
    big = sum(sample.count(each) for each in (b"\x00 ", b"\x00\n", b"\x00\r"))
    if max(little, big) * 40 < len(sample) // 2 or len(data) % 2:
        return None
    return "utf-16-le" if sample[1::2].count(0) >= sample[0::2].count(0) else "utf-16-be"


def _one_byte_encoding(sample: bytes) -> str:
    """The likeliest encoding of one byte a letter: by how common the letters are that it gives."""
    letters, high = len(_LETTER.findall(sample)), len(_HIGH.findall(sample))
    if high * 4 < letters:
        return "cp1252"
    scores = {each: len(_COMMON.findall(sample.decode(each, "replace"))) for each in ("cp1251", "koi8-r", "cp866")}
    best = max(scores, key=lambda each: scores[each])
    return "kz1048" if best == "cp1251" and len(_KAZAKH_BYTES.findall(sample)) * 100 > high else best
