"""The pages that `lists` measures, each with the SQL that a careful database administrator would write for the same
rows by hand: the rows of the page, what stands beside them, and one count."""

# ruff: noqa: S608  (SQL made of SQL; nothing from outside is ever put into it)

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlencode

PER_PAGE = 50
API_PAGE = 50

_WORDS = """c.id IN (SELECT s.commitment_id FROM tracker_searchable s
    WHERE s.words LIKE '%%' || upper('{0}') || '%%')"""
_OPEN = "c.counted AND c.review <> 'rejected' AND c.status IN ('not_started', 'in_progress')"
_SIDES = """SELECT o.commitment_id, p.code, o.status FROM tracker_obligor o JOIN tracker_party p ON p.id = o.party_id
    WHERE o.commitment_id = ANY(%(ids)s) ORDER BY o.commitment_id, o.position"""
_ASKED = """SELECT a.commitment_id, p.code FROM tracker_addressee a JOIN tracker_party p ON p.id = a.party_id
    WHERE a.commitment_id = ANY(%(ids)s) ORDER BY a.commitment_id, a.position"""
_SIDES_OF_FLAGS = """SELECT o.commitment_id, p.code FROM tracker_obligor o JOIN tracker_party p ON p.id = o.party_id
    WHERE o.commitment_id IN (SELECT commitment_id FROM tracker_followup WHERE id = ANY(%(ids)s))"""
_NUMBERS = """SELECT t.instrument_id, count(*) FILTER (WHERE c.review <> 'rejected'),
    count(*) FILTER (WHERE c.review <> 'rejected' AND c.status IN ('not_started', 'in_progress'))
    FROM tracker_commitment c JOIN tracker_text t ON t.id = c.text_id
    WHERE t.instrument_id = ANY(%(ids)s) AND c.counted GROUP BY 1"""
_PARTIES = """SELECT s.instrument_id, p.code, s.role FROM tracker_instrumentparty s
    JOIN tracker_party p ON p.id = s.party_id WHERE s.instrument_id = ANY(%(ids)s) ORDER BY 1, s.position"""
_LANGUAGES = """SELECT instrument_id, language, "leading", "current", sha256, coverage FROM tracker_text
    WHERE instrument_id = ANY(%(ids)s)"""


@dataclass(frozen=True, slots=True)
class Listing:
    """A list: where it is, the SQL of its rows, and what may be asked of it.

    `rows` selects what is shown, the id first; `source` is what follows FROM; `order` and `back` are the order of the
    list and the same from its end. `asked` maps a page's name to the words of its address and to the same as SQL;
    `sorted_by` is another order of one of them.
    """

    name: str
    address: str
    rows: str
    source: str
    order: str
    back: str
    beside: tuple[str, ...] = ()
    always: str = "TRUE"
    known: str = "TRUE"
    known_source: str = ""
    asked: dict[str, tuple[dict[str, str], str]] = field(default_factory=dict)
    sorted_by: dict[str, str] = field(default_factory=dict)
    per_page: int = PER_PAGE


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list: its address, and the statements that give the same by hand. Those in `beside` are given the
    ids of the rows as `ids`."""

    name: str
    address: str
    count: str
    rows: str
    beside: tuple[str, ...]


def pages(listing: Listing, *, total: int, unit: int | None) -> Iterator[Page]:
    """Its first page, what may be asked of it, and its last page; `unit` is that of a user who sees only its own."""
    known = "TRUE" if unit is None else listing.known.format(unit=unit)
    source = listing.source if unit is None else listing.source + listing.known_source
    for name, (query, condition) in {"first page": ({}, "TRUE"), **listing.asked}.items():
        where = f"{listing.always} AND {known} AND {condition}"
        order = listing.sorted_by.get(name, listing.order)
        yield _page(listing, name, query, source, where, f"ORDER BY {order} LIMIT {listing.per_page}")
    last = max(1, -(-total // listing.per_page))
    rest = total - (last - 1) * listing.per_page
    where = f"{listing.always} AND {known}"
    yield _page(listing, "last page", {"p": str(last)}, source, where, f"ORDER BY {listing.back} LIMIT {rest}")


def _page(listing: Listing, name: str, query: dict[str, str], source: str, where: str, end: str) -> Page:
    asked = {"page" if "api" in listing.address and word == "p" else word: value for word, value in query.items()}
    address = listing.address + (f"?{urlencode(asked)}" if asked else "")
    # The ids first: what is costly to show is then only read for the rows of the page.
    ids = f"SELECT {listing.rows.split(',')[0]} FROM {source} WHERE {where} {end}"
    key = listing.rows.split(",")[0]
    rows = f"SELECT {listing.rows} FROM {listing.source} WHERE {key} IN ({ids}) ORDER BY {listing.order}"
    return Page(name, address, f"SELECT count(*) FROM {source} WHERE {where}", rows, listing.beside)


_OWN = "(c.unit_id = {unit} OR (c.unit_id IS NULL AND (i.unit_id = {unit} OR i.unit_id IS NULL)))"
_TO_INSTRUMENT = " JOIN tracker_text t ON t.id = c.text_id JOIN tracker_instrument i ON i.id = t.instrument_id"
_COMMITMENT = """c.id, c.title, c.force, c.due_on, c.due_text, c.due_rule, c.awaiting_date, c.review, c.status,
    (SELECT substr(b.body, c.start + 1, c."end" - c.start) FROM tracker_text b WHERE b.id = c.text_id)"""
_SEARCHES = {
    "search en": ({"q": "veterinary"}, _WORDS.format("veterinary")),
    "search ru": ({"q": "ветеринарную"}, _WORDS.format("ветеринарную")),
    "search kk": ({"q": "шәкіртақы"}, _WORDS.format("шәкіртақы")),
    "search two words": (
        {"q": "лаборатори водным"},
        _WORDS.format("лаборатори") + " AND " + _WORDS.format("водным"),
    ),
    "search of none": ({"q": "qwertyuiop"}, _WORDS.format("qwertyuiop")),
}
_LIKE = "upper({0}) LIKE '%%' || upper('{{0}}') || '%%'"
_INSTRUMENT_WORDS = f"""({_LIKE.format("i.title")} OR {_LIKE.format("i.signed_at")} OR i.id IN (
    SELECT s.instrument_id FROM tracker_instrumentparty s JOIN tracker_party p ON p.id = s.party_id
    WHERE {" OR ".join(_LIKE.format(name) for name in ("p.code", "p.name_en", "p.name_kk", "p.name_ru"))}))"""
_NAME = """(SELECT concat_ws(' ', u.first_name, u.last_name, u.username) FROM tracker_person n
    JOIN auth_user u ON u.id = n.user_id WHERE n.id = {0})"""
_FLAG = "f.id, f.reason, f.state, f.raised_on, c.id, c.title, c.due_on"
_FLAG_WORDS = _WORDS.replace("c.id IN", "f.commitment_id IN")

ADMIN = (
    Listing(
        "commitments",
        "/admin/tracker/commitment/",
        _COMMITMENT,
        "tracker_commitment c",
        "c.due_on, c.id",
        "c.due_on DESC, c.id DESC",
        beside=(_SIDES, _ASKED, "SELECT days FROM tracker_followuprule WHERE enabled AND reason = 'due_soon'"),
        always="c.counted",
        known=_OWN,
        known_source=_TO_INSTRUMENT,
        asked={
            "overdue": ({"standing": "overdue"}, f"{_OPEN} AND c.due_on < current_date"),
            "in progress": ({"status__exact": "in_progress"}, "c.status = 'in_progress'"),
            "of a party": (
                {"obligors__party__id__exact": "7"},
                "c.id IN (SELECT o.commitment_id FROM tracker_obligor o WHERE o.party_id = 7)",
            ),
            "by status": ({"o": "7.4"}, "TRUE"),
            **_SEARCHES,
        },
        sorted_by={"by status": "c.status, c.due_on, c.id DESC"},
    ),
    Listing(
        "instruments",
        "/admin/tracker/instrument/",
        "i.id, i.title, i.kind, i.signed_on, i.signed_at",
        "tracker_instrument i",
        "i.signed_on DESC, i.id DESC",
        "i.signed_on, i.id",
        beside=(_NUMBERS, _PARTIES, _LANGUAGES),
        asked={
            "treaties": ({"kind__exact": "treaty"}, "i.kind = 'treaty'"),
            "search ru": ({"q": "соглашение"}, _INSTRUMENT_WORDS.format("соглашение")),
        },
    ),
    Listing(
        "follow-ups",
        "/admin/tracker/followup/",
        _FLAG,
        "tracker_followup f JOIN tracker_commitment c ON c.id = f.commitment_id",
        "f.state DESC, f.occasion, f.id",
        "f.state, f.occasion DESC, f.id DESC",
        beside=(_SIDES_OF_FLAGS,),
        known=_OWN,
        known_source=_TO_INSTRUMENT,
        asked={
            "overdue": ({"reason__exact": "overdue"}, "f.reason = 'overdue'"),
            "open": ({"state__exact": "open"}, "f.state = 'open'"),
            "search kk": ({"q": "шәкіртақы"}, _FLAG_WORDS.format("шәкіртақы")),
        },
    ),
    Listing(
        "texts",
        "/admin/tracker/text/",
        't.id, t.file_name, t.language, t.standing, t."leading", t."current", t.coverage, t.read_at, i.title',
        "tracker_text t JOIN tracker_instrument i ON i.id = t.instrument_id",
        "t.read_at DESC, t.id",
        "t.read_at, t.id DESC",
        beside=("SELECT DISTINCT language FROM tracker_text ORDER BY language",),  # what its filter offers
        asked={"kk": ({"language": "kk"}, "t.language = 'kk'")},
    ),
    Listing(
        "uploads",
        "/admin/tracker/upload/",
        "u.id, u.name, u.state, u.ending, u.error, u.at, a.username",
        "tracker_upload u JOIN auth_user a ON a.id = u.by_id",
        "u.id DESC",
        "u.id",
    ),
    Listing(
        "submissions",
        "/admin/tracker/submission/",
        "s.id, c.title, s.to_status, s.to_day, s.at, s.state, a.username",
        "tracker_submission s JOIN tracker_commitment c ON c.id = s.commitment_id JOIN auth_user a ON a.id = s.by_id",
        "s.at DESC, s.id DESC",
        "s.at, s.id",
        asked={"waiting": ({"state__exact": "pending"}, "s.state = 'pending'")},
    ),
    Listing(
        "hand-overs",
        "/admin/tracker/handover/",
        f"""h.id, h.reason, h.at, {_NAME.format("h.from_person_id")}, {_NAME.format("h.to_person_id")},
        (SELECT u.username FROM auth_user u WHERE u.id = h.by_id),
        (SELECT count(*) FROM tracker_handover_commitments g WHERE g.handover_id = h.id)""",
        "tracker_handover h",
        "h.at DESC, h.id DESC",
        "h.at, h.id",
    ),
    Listing("sweeps", "/admin/tracker/sweep/", "w.id, w.*", "tracker_sweep w", "w.finished_at DESC", "w.finished_at"),
    Listing("parties", "/admin/tracker/party/", "p.id, p.*", "tracker_party p", "p.code", "p.code DESC"),
    Listing("themes", "/admin/tracker/theme/", "h.id, h.*", "tracker_theme h", "h.code", "h.code DESC"),
    Listing("units", "/admin/tracker/unit/", "n.id, n.*", "tracker_unit n", "n.code", "n.code DESC"),
    Listing(
        "people",
        "/admin/tracker/person/",
        "r.id, r.*, a.*",
        "tracker_person r JOIN auth_user a ON a.id = r.user_id",
        "r.id DESC",
        "r.id",
    ),
    Listing("rules", "/admin/tracker/followuprule/", "r.id, r.*", "tracker_followuprule r", "r.reason", "r.reason"),
    Listing("users", "/admin/auth/user/", "a.id, a.*", "auth_user a", "a.username", "a.username DESC"),
    Listing("groups", "/admin/auth/group/", "g.id, g.*", "auth_group g", "g.name", "g.name DESC"),
    Listing("tokens", "/admin/knox/authtoken/", "k.digest, k.*", "knox_authtoken k", "k.created", "k.created"),
    Listing("sign-ins", "/admin/axes/accesslog/", "x.id, x.*", "axes_accesslog x", "x.id DESC", "x.id"),
)

API = (
    Listing(
        "API commitments",
        "/api/v1/commitments/",
        _COMMITMENT + ", t.language, t.instrument_id, l.path",
        "tracker_commitment c JOIN tracker_text t ON t.id = c.text_id LEFT JOIN tracker_clause l ON l.id = c.clause_id",
        "c.id",
        "c.id DESC",
        beside=(_SIDES, _ASKED),
        always="c.counted AND c.review <> 'rejected'",
        known=_OWN,
        known_source=" JOIN tracker_instrument i ON i.id = t.instrument_id",
        asked={
            "in progress": ({"status": "in_progress"}, "c.status = 'in_progress'"),
            "overdue": ({"overdue": "true"}, f"{_OPEN} AND c.due_on < current_date"),
            "of a party": (
                {"obligor": "AHX"},
                """c.id IN (SELECT o.commitment_id FROM tracker_obligor o
                    JOIN tracker_party p ON p.id = o.party_id WHERE p.code = 'AHX')""",
            ),
        },
        per_page=API_PAGE,
    ),
    Listing(
        "API instruments",
        "/api/v1/instruments/",
        "i.id, i.title, i.kind, i.legal_nature, i.signed_on, i.signed_at, n.code",
        "tracker_instrument i LEFT JOIN tracker_unit n ON n.id = i.unit_id",
        "i.id",
        "i.id DESC",
        beside=(_NUMBERS, _PARTIES, _LANGUAGES),
        asked={"treaties": ({"kind": "treaty"}, "i.kind = 'treaty'")},
        per_page=API_PAGE,
    ),
    Listing(
        "API follow-ups",
        "/api/v1/follow-ups/",
        "f.id, f.*, c.title, c.due_on, c.status",
        "tracker_followup f JOIN tracker_commitment c ON c.id = f.commitment_id",
        "f.raised_at DESC, f.id",
        "f.raised_at, f.id DESC",
        known=_OWN,
        known_source=_TO_INSTRUMENT,
        asked={"overdue": ({"reason": "overdue"}, "f.reason = 'overdue'")},
        per_page=API_PAGE,
    ),
    Listing("API parties", "/api/v1/parties/", "p.id, p.*", "tracker_party p", "p.code", "p.code DESC"),
)

_DEADLINES = f"""SELECT {_COMMITMENT} FROM tracker_commitment c WHERE {_OPEN} AND c.due_on {{0}} current_date
    ORDER BY c.due_on, c.id LIMIT 10"""
DASHBOARD = Page(
    "dashboard",
    "/",
    f"""SELECT count(*) FILTER (WHERE c.due_on < current_date),
        count(*) FILTER (WHERE c.due_on BETWEEN current_date AND current_date + 30)
        FROM tracker_commitment c WHERE {_OPEN} AND c.due_on IS NOT NULL""",
    _DEADLINES.format("<"),
    (
        _DEADLINES.format(">="),
        _SIDES,
        _ASKED,
        """SELECT c.status, count(*) FILTER (WHERE c.review = 'proposed'),
            count(*) FILTER (WHERE c.review IN ('confirmed', 'amended'))
            FROM tracker_commitment c WHERE c.counted AND c.review <> 'rejected' GROUP BY 1""",
        """SELECT p.code, p.name_en,
            count(*) FILTER (WHERE o.status IN ('not_started', 'in_progress') AND c.review IN ('confirmed', 'amended')),
            count(*) FILTER (WHERE o.status IN ('not_started', 'in_progress') AND c.review = 'proposed'),
            count(*) FILTER (WHERE o.status IN ('not_started', 'in_progress') AND c.due_on < current_date),
            count(*) FILTER (WHERE o.status NOT IN ('not_started', 'in_progress')) FROM tracker_obligor o
            JOIN tracker_commitment c ON c.id = o.commitment_id JOIN tracker_party p ON p.id = o.party_id
            WHERE c.counted AND c.review <> 'rejected' GROUP BY p.id""",
        """SELECT reason, count(*) FROM (
            SELECT DISTINCT f.commitment_id, f.reason FROM tracker_followup f WHERE f.state = 'open') f GROUP BY 1""",
    ),
)
