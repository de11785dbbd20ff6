"""表决结果报告: the certificate of a meeting on paper, from the bodies of ``meeting.called/1`` and ``meeting.certified/1``.

Figures stand as certified; percentages are only for the eye and are cut off, never rounded up to a threshold. Three ways
of counting are printed where they exist, and which one counts. A meeting that only asked for opinions says so first.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from ledger import canonical
from ledger.errors import Malformed
from ledger.paper import html, pdf, qr
from ledger.paper.phrases import BLANK, Phrases
from ledger.paper.pointer import Pointer
from ledger.paper.poster import Pair
from ledger.paper.table import Table
from ledger.paper.view import example_sentence


@dataclass(frozen=True, slots=True)
class CertifiedWith:
    """What the two bodies do not say themselves: names, digests, days. Everything may be missing but the community."""

    community: str
    called: str = ""
    """Digest of the record that called the meeting."""
    certified: str = ""
    """Digest of the certificate's record."""
    entry: int | None = None
    certified_on: str = ""
    witnessed: bool = True
    """Whether the registrar is among the signers; without him it says 未经第三方核验."""
    signers: tuple[str, ...] = ()
    """Roles."""
    offset: int = 480
    """Of the ledger, minutes east of UTC."""
    address: str = ""
    example: bool = False


@dataclass(frozen=True, slots=True)
class MotionView:
    """One motion: what was asked, how it was answered, every way of counting."""

    number: str
    title: str
    kind: str
    passed: bool
    verdict: str
    answers: Table
    counts: Table


@dataclass(frozen=True, slots=True)
class CertificateView:
    """The report, worded. ``warnings`` stand first."""

    title: str
    community: str
    meeting: str
    example: str
    mark: str
    warnings: tuple[str, ...]
    motions: tuple[MotionView, ...]
    facts: tuple[Pair, ...]
    proofs: tuple[Pair, ...]
    notes: tuple[str, ...]
    signed: str
    dated: str
    qr: str


def view(called: Mapping[str, Any], certified: Mapping[str, Any], known: CertifiedWith, locale: str) -> CertificateView:
    """Word a certificate. Raises ``paper.items`` when the bodies are not of one meeting, ``words.…``."""
    phrases = Phrases(locale)
    if len(called["motions"]) != len(certified["items"]):
        raise Malformed("paper.items", len(certified["items"]), len(called["motions"]))
    first = called["opens"][:10]
    profile = certified["profile"]["name"]
    digest = canonical.digest(dict(certified))
    motions = zip(called["motions"], certified["items"], strict=True)
    return CertificateView(
        title=phrases.text("term.certificate"),
        community=known.community,
        meeting=called["title"],
        example=example_sentence(phrases, profile, first) if known.example else "",
        mark=phrases.text("term.example") if known.example else "",
        warnings=tuple(warnings(phrases, certified, known)),
        motions=tuple(
            _motion(phrases, number, motion, item, certified) for number, (motion, item) in enumerate(motions, 1)
        ),
        facts=tuple(Pair(phrases.text(key), text) for key, text in _facts(phrases, called, certified, known)),
        proofs=tuple(Pair(phrases.text(key), text) for key, text in _proofs(phrases, certified, known, digest)),
        notes=(phrases.text("report.note_whole"), phrases.text("certificate.revocation")),
        signed=phrases.join(phrases.text(f"role.{role}") for role in known.signers) or BLANK * 2,
        dated=phrases.full_day(known.certified_on) if known.certified_on else BLANK,
        qr=Pointer(known.address or known.community, digest).text(),
    )


def render_html(
    called: Mapping[str, Any], certified: Mapping[str, Any], known: CertifiedWith, locale: str = "zh_CN"
) -> str:
    """The report as one HTML file. Raises as :func:`view`."""
    seen = view(called, certified, known, locale)
    return html.render("certificate.html", locale, v=seen, qr=html.trusted(qr.code(seen.qr)))


def render_pdf(
    called: Mapping[str, Any], certified: Mapping[str, Any], known: CertifiedWith, locale: str = "zh_CN"
) -> bytes:
    """The report as PDF, the same bytes every time. Raises as :func:`view`, ``paper.fonts``, ``paper.typst``."""
    seen = view(called, certified, known, locale)
    return pdf.compile_sheet("certificate.typ", locale, asdict(seen), seen.qr)


def warnings(phrases: Phrases, certified: Mapping[str, Any], known: CertifiedWith) -> Iterable[str]:
    """What weakens a certificate, said before its figures."""
    if not certified["founds_authority"]:
        yield phrases.text("certificate.opinion_poll")
    if not known.witnessed:
        yield phrases.text("certificate.not_witnessed")
    if "unopened" in certified:
        lost = certified["unopened"]
        weight = _weight(phrases, lost["weight"])
        yield phrases.clauses((phrases.text("certificate.unopened", count=lost["count"]), weight))
        yield phrases.text("certificate.both")


def _motion(
    phrases: Phrases, number: int, motion: Mapping[str, Any], item: Mapping[str, Any], certified: Mapping[str, Any]
) -> MotionView:
    passed = bool(item["passed"])
    return MotionView(
        number=phrases.text("report.item", number=number),
        title=motion["title"],
        kind=phrases.clauses((phrases.text(f"matter.{item['matter']}"), phrases.text(f"majority.{item['majority']}"))),
        passed=passed,
        verdict=phrases.text("certificate.passed" if passed else "certificate.failed"),
        answers=_answers(phrases, item, certified["cast"]),
        counts=_counts(phrases, item),
    )


def _answers(phrases: Phrases, item: Mapping[str, Any], cast: Mapping[str, int]) -> Table:
    rows = []
    for answer in ("yes", "no", "abstain", "void"):
        weight = item[answer]
        rows.append(
            (
                phrases.text(f"answer.{answer}"),
                phrases.hundredths(weight["area"]),
                phrases.percent(weight["area"], cast["area"]),
                str(weight["heads"]),
                phrases.percent(weight["heads"], cast["heads"]),
            )
        )
    heads = ("answer", "area", "area_share", "heads", "heads_share")
    return _table(phrases, "answers", heads, ("text", *("money",) * 4), rows)


def _counts(phrases: Phrases, item: Mapping[str, Any]) -> Table:
    """Every way of counting that the certificate has, the one that counts first."""
    rows = []
    for way in ("counted", "with_unopened", "if_followed"):
        if way not in item:
            continue
        result = item[way]
        passed = phrases.text("certificate.passed" if result["passed"] else "certificate.failed")
        rows.append(
            (
                phrases.text(f"certificate.{way}"),
                _tested(phrases, "participation", result["participation"], result["participating"]),
                _tested(phrases, "consent", result["consent"], result["agreeing"]),
                passed,
            )
        )
    return _table(phrases, "counts", ("count", "participation", "consent", "result"), ("text",) * 3 + ("short",), rows)


def _tested(phrases: Phrases, what: str, test: Mapping[str, Any], weight: Mapping[str, int]) -> str:
    """The weight, what was compared with what, and whether it is enough."""
    compared = [
        phrases.text("certificate.comparison", left=f"{test[by][0]:,}", right=f"{test[by][1]:,}")
        for by in ("area", "heads")
    ]
    return phrases.clauses(
        (
            phrases.text(f"certificate.{what}", ratio=test["ratio"].replace(">=", "≥").replace("<=", "≤")),
            phrases.labelled(phrases.text("certificate.area"), f"{phrases.hundredths(weight['area'])} [{compared[0]}]"),
            phrases.labelled(phrases.text("certificate.heads"), f"{weight['heads']} [{compared[1]}]"),
            phrases.text("certificate.met" if test["met"] else "certificate.not_met"),
        )
    )


def _table(
    phrases: Phrases, code: str, heads: Iterable[str], kinds: tuple[str, ...], rows: Iterable[tuple[str, ...]]
) -> Table:
    return Table(code, "", tuple(phrases.text(f"report.head_{head}") for head in heads), kinds, tuple(rows))


def _weight(phrases: Phrases, weight: Mapping[str, int]) -> str:
    return phrases.text("report.weight", area=phrases.hundredths(weight["area"]), heads=weight["heads"])


def _facts(
    phrases: Phrases, called: Mapping[str, Any], certified: Mapping[str, Any], known: CertifiedWith
) -> Iterable[tuple[str, str]]:
    roll, cast = certified["roll"], certified["cast"]
    total = roll["total"]
    yield "report.fact_session", phrases.text(f"session.{called['session']}")
    yield "report.fact_scope", scope_text(phrases, certified["scope"])
    opens, closes = (phrases.moment(called[name], known.offset) for name in ("opens", "closes"))
    yield "report.fact_time", f"{opens} — {closes}"
    yield "report.fact_ways", phrases.join(phrases.text(f"way.{way}") for way in called["ways"])
    if "phone_vote" in called:
        yield "report.fact_clause", called["phone_vote"]["place"]
    yield (
        "report.fact_roll",
        phrases.clauses((phrases.text("report.roll", leaves=roll["leaves"]), _weight(phrases, total))),
    )
    yield "certificate.cut_off", phrases.moment(roll["cut_off"], known.offset)
    yield "certificate.head_merge", phrases.text(f"head_merge.{roll['merge']}")
    yield (
        "report.fact_cast",
        phrases.text(
            "report.cast",
            area=phrases.hundredths(cast["area"]),
            area_percent=phrases.percent(cast["area"], total["area"]),
            heads=cast["heads"],
            heads_percent=phrases.percent(cast["heads"], total["heads"]),
        ),
    )
    yield "report.fact_opened", phrases.text("certificate.opened", count=certified["opened"]["count"])
    yield "report.fact_non_voters", phrases.text(f"non_voters.{certified['non_voters']}")
    yield "report.fact_profile", certified["profile"]["name"]


def scope_text(phrases: Phrases, scope: Mapping[str, Any]) -> str:
    """Who decides, in words."""
    units = scope.get("units", ())
    named = {"building": scope.get("building", ""), "stack": scope.get("stack", ""), "count": len(units)}
    return phrases.clauses((phrases.text(f"scope.{scope['level']}", **named), phrases.join(units)))


def _proofs(
    phrases: Phrases, certified: Mapping[str, Any], known: CertifiedWith, digest: str
) -> Iterable[tuple[str, str]]:
    for name, value in (
        ("called", known.called),
        ("certified", known.certified),
        ("digest", digest),
        ("roll_root", certified["roll"]["root"]),
        ("opened_root", certified["opened"]["root"]),
        ("profile_digest", certified["profile"]["digest"]),
    ):
        yield f"report.fact_{name}", phrases.digest(value) if value else BLANK
    if known.entry is not None:
        yield "statement.fact_entry", phrases.text("term.entry", number=known.entry)
    if "unopened" in certified:
        yield "report.fact_unopened_root", phrases.digest(certified["unopened"]["root"])
        for digest in certified["unopened"]["digests"]:
            yield "term.not_openable", phrases.digest(digest)
