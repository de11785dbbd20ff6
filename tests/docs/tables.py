"""The tables in ``docs/`` that follow from the code, and their places in the documents.

A table stands between ``<!-- table NAME -->`` and ``<!-- end -->``. The tests compare; ``WRITE_DOCS=1`` before pytest writes
them anew.
"""

import ast
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Final

import ledger
from api.access import CLASSES, TABLE
from api.settings import Settings, variable
from ledger import words
from ledger.audit.checks import CHECKS
from ledger.audit.findings import CODES, NEEDS_MORE
from ledger.books import KINDS
from ledger.cli.acts import PATHS
from ledger.log.act import Kind
from ledger.money import format_yuan
from ledger.people.state import BODY_ROLES
from ledger.rules import schema as rules_schema
from ledger.rules.profile import Profile, shipped
from ledger.rules.schema import SCHEMA
from ledger.rules.values import Evidence, Tier

ROOT: Final = Path(__file__).resolve().parents[2]
HOUSE: Final = Path(ledger.__file__).parent
MACHINE_ROOMS: Final = ("people", "rules", "accounts", "votes", "publication", "books.py")
FREE: Final = {
    "key.revoked/1": "the key's holder, or the registrar (without one, the body)",
    "withdrawal.applied/1": "anybody with a key",
    "withdrawal.approved/1": "who fills a seat of the account's mandate",
    "ballot.cast/1": "an owner of the unit, by a key older than the roll",
    "ballot.opened/1": "any role in term, or an owner of the unit",
    "meeting.certified/1": "one or more, each with a role in term",
    "objection.filed/1": "an owner",
    "posting.seen/1": "an owner, or any role in term",
    "objection.concluded/1": "who asked; of a paper one also who takes paper in",
}
"""Kinds whose own decision judges the signer."""
SETTLED: Final = {"S": "settled", "L": "local", "U": "unsettled"}
WHERE: Final = {"machine": "decides", "print": "printed"}
LATER: Final[Mapping[str, tuple[str, ...]]] = {
    "charts of the fund's own bookkeeping (财会〔2020〕7号); today the adopted text decides": ("chart",),
    "other ways to vote (N52, Hn 66): a profile that lists one opens nothing more": ("vote.special_modes",),
    "the unit list says unit by unit what counts; a check of that list": ("vote.parking_default",),
    "paper ballots and proxies": (
        "vote.proxy_cap",
        "vote.proxy_company_staff",
        "vote.paper",
        "notice.undeliverable",
    ),
    "who sees rooms beside choices; today nobody does (coded)": ("vote.openings",),
    "a change of title during a vote; today the cast ballot stands and the roll is frozen": ("vote.title_change",),
    "meetings that are prolonged, called by owners, or tabled again": (
        "vote.extension_months",
        "vote.retable_years",
        "vote.call_share",
    ),
    "duties and their days": (
        "vote.revocation_years",
        "vote.result_inquiry",
        "committee.meeting_months",
        "account.member_handover",
        "statement.answer_post",
        "statement.seal_months",
        "statement.realtime",
        "fund.publish_months",
    ),
    "elections and decisions of the body": (
        "election.candidate_post",
        "committee.post",
        "committee.caretaker_post",
        "committee.seal_consent",
    ),
    "the maintenance fund by units: deposits, top-up, allocation, settlement": (
        "fund.deposit_rate",
        "fund.deposit_fen_m2",
        "fund.topup_trigger",
        "fund.topup_target",
        "fund.topup_decide",
        "fund.topup_pay",
        "fund.audit_free_fen",
        "fund.invest",
    ),
    "emergency use": (
        "emergency.categories",
        "emergency.evidence",
        "emergency.approvers",
        "emergency.decide",
        "emergency.post_before_draw",
        "emergency.publish",
        "emergency.reserve",
        "emergency.upfront",
        "emergency.cap_fen",
    ),
    "audit checks: what was received is booked as it was and looked at afterwards": (
        "income.to_fund",
        "income.to_fund_when",
        "income.to_fund_months",
        "income.invest",
        "audit.quotes_min",
    ),
    "who holds the money before there is an assembly": ("income.holder_before_assembly",),
    "no record says whose person an account is: its holder is one of four bodies": ("account.personal",),
    "no record says yet under which system (酬金制) the company serves": ("account.comanaged",),
    "recurring payments while the body is out of term; today nobody out of term signs": ("account.lapse_policy",),
    "audits that are due, demanded and posted": (
        "audit.term",
        "audit.demand_share",
    ),
    "the trust model": ("trust.cap", "trust.report_months"),
    "the street's gate before a vote and its approval on site": (
        "street.gate",
        "street.gate_silence",
        "street.site_approval",
    ),
}
"""Keys that nothing asks for yet, by what will: each of them on purpose."""
_PLACE: Final = re.compile(r"<!-- table (\S+) -->\n(.*?)<!-- end -->", re.DOTALL)


def places(text: str) -> Mapping[str, str]:
    """The tables of a document by name, as they stand there."""
    return {match[1]: match[2] for match in _PLACE.finditer(text)}


def renewed(text: str) -> str:
    """A document with its tables as they should be."""
    return _PLACE.sub(lambda match: f"<!-- table {match[1]} -->\n{TABLES[match[1]]()}<!-- end -->", text)


def markdown(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown, with an empty line around it."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n" + "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |\n" for row in lines) + "\n"


# --- findings ---------------------------------------------------------------------------------------------------------


def findings(locale: str) -> str:
    """Every finding with what it weighs and says."""
    head = {"en": ("code", "weighs", "says"), "zh_CN": ("代码", "分量", "意思")}[locale]
    weighs = {
        "en": {"differs": "✗ differs", "unchecked": "? unchecked", "notice": "· notice"},
        "zh_CN": {"differs": "✗ 对不上", "unchecked": "? 没法核对", "notice": "· 提示"},
    }[locale]
    said = (
        (f"`{code}`", weighs[weight], words.text(f"finding.{code}.title", locale)) for code, weight in CODES.items()
    )
    return markdown(head, said)


def coverage() -> str:
    """Every finding with who finds it: `mingzhang verify`, and the checker in the browser."""
    lacks = {
        "rules": "no: needs the rules of the books",
        "second opinion": "no: needs code that is not ours",
        "second reading": "no: entries are read once",
        "program": "yes, of itself",
    }
    rows = (
        (
            f"`{code}`",
            "yes",
            lacks[NEEDS_MORE[code]] if code in NEEDS_MORE else "yes",
            words.text(f"finding.{code}.title", "en"),
        )
        for code in CODES
    )
    return markdown(("code", "`mingzhang verify`", "browser", "says"), rows)


# --- the checks -------------------------------------------------------------------------------------------------------

IRREGULARITIES: Final[Mapping[str, tuple[str, str]]] = {
    "1": ("化整为零", "payments split below a limit"),
    "2": ("没有决定或超出决定", "no decision, or beyond it"),
    "3": ("决定的程序或计票不符", "a decision that was not made or counted as the law says"),
    "4": ("表决票真实性待核实", "ballots that may not be the owners' own"),
    "5": ("委托代理", "proxies"),
    "6": ("频繁支取", "draws more often than others'"),
    "7": ("询价与比选", "quotes and tenders"),
    "8": ("关联方", "related parties"),
    "9": ("凭证、发票、批准不全", "vouchers, invoices, approvals missing"),
    "10": ("重复付款或申报", "paid or claimed twice"),
    "11": ("断号、重号、日期先后", "numbers and dates out of order"),
    "12": ("算术不符", "arithmetic"),
    "13": ("应有收入未见", "income that should be there"),
    "14": ("收入坐支、未全额入账", "income netted or kept back"),
    "15": ("合同缺项", "gaps in contracts"),
    "16": ("资金混同、非登记账户", "money mixed, accounts not registered"),
    "17": ("用途与资金不符", "a fund used for what it is not for"),
    "18": ("应急使用", "emergency use"),
    "19": ("超预算、超计划", "over budget or plan"),
    "20": ("分摊与面积口径", "allocation, and the areas it rests on"),
    "21": ("维修资金不足三成", "the maintenance fund below its third"),
    "22": ("增值收益未分配", "gains not allocated"),
    "23": ("物业酬金", "the manager's remuneration"),
    "24": ("津贴与经费超限", "allowances above their limit"),
    "25": ("一人经手、任期已过", "one pair of hands, terms past"),
    "26": ("现金、备用金、垫支", "cash and advances"),
    "27": ("公示迟、缺、短、改", "publication late, missing, short or altered"),
    "28": ("异议未答复", "objections not answered"),
    "29": ("历史记录完整性", "the history itself"),
    "30": ("多期一次公布", "many periods at once"),
    "31": ("换届与移交", "end of term and hand-over"),
    "31b": ("用印", "use of the seal"),
    "32": ("银行与账面不符", "bank and books differ"),
    "33": ("有偿表决", "votes that were paid for"),
    "34": ("统计迹象", "statistical signs"),
}
"""The rows of the irregularity table: what each is about, in words that accuse nobody."""


def checks() -> str:
    """Every check, in the table's order of rows."""
    kinds_of = {kind.model: name for name, kind in KINDS.items()}
    order = list(IRREGULARITIES)
    rows = [
        (
            f"`{check.code}`",
            check.row,
            words.text(f"audit.{check.code}.title", "zh_CN"),
            words.text(f"audit.{check.code}.title", "en"),
            check.severity + (", weak" if check.weak else "") + (", at once" if check.at_once else ""),
            "; ".join(check.basis),
            ", ".join(sorted(kinds_of.get(one, one.__name__) for one in check.inputs)),
        )
        for check in sorted(CHECKS, key=lambda check: (order.index(check.row), check.code))
    ]
    return markdown(("code", "row", "中文", "title", "weight", "basis", "reads"), rows)


def irregularities() -> str:
    """Every row with the checks that ask for it."""
    asked: dict[str, list[str]] = {}
    for check in CHECKS:
        asked.setdefault(check.row, []).append(f"`{check.code}`")
    rows = [(row, zh, en, ", ".join(sorted(asked.get(row, []))) or "–") for row, (zh, en) in IRREGULARITIES.items()]
    return markdown(("row", "中文", "about", "checks"), rows)


# --- the profile ------------------------------------------------------------------------------------------------------


def profile() -> str:
    """Every value of the shipped profile with its source, and what acts on it today."""
    rules, uses = shipped("civil-code-2021"), used_keys()
    later = {key: reason for reason, keys in LATER.items() for key in keys}
    rows = [
        (
            f"`{key}`",
            shown(rules, key),
            setting.basis,
            SETTLED[setting.status] + (", adopted" if setting.adopted else ""),
            WHERE[uses[key]] if key in uses else f"later: {later.get(key, '?')}",
        )
        for key, setting in rules.settings.items()
    ]
    return markdown(("key", "value", "source", "standing", "acts"), rows)


def shown(rules: Profile, key: str) -> str:
    """A value as people read it: amounts in yuan, none as a dash."""
    value = rules.settings[key].value
    if SCHEMA[key].kind is rules_schema.Kind.FEN:
        return format_yuan(rules.fen(key)) if value else "–"
    return _shown(value) or "–"


def _shown(value: object) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case tuple():
            return ("; " if value and isinstance(value[0], Tier) else ", ").join(map(_shown, value))
        case Tier():
            after = f" after {value.post}" if value.post.count else ""
            return f"from {format_yuan(value.from_fen)}: {value.approvals} of {', '.join(value.roles)}{after}"
        case Evidence():
            return f"certificate: {_shown(value.certificate)}, parties: {value.parties}"
        case _:
            return str(value)


def used_keys() -> Mapping[str, str]:
    """Which keys the code asks for: ``machine`` where a decision does, ``print`` where only commands and prints do."""
    found: dict[str, str] = {}
    for path in sorted(HOUSE.rglob("*.py")):
        inside = path.relative_to(HOUSE)
        if inside.parts[:2] in {("rules", "schema.py"), ("rules", "profile.py")} or inside.parts[0] == "example":
            continue
        where = "machine" if inside.parts[0] in MACHINE_ROOMS else "print"
        for key in _asked(ast.parse(path.read_text("utf-8"))):
            if found.get(key) != "machine":
                found[key] = where
    # A list of roles that a kind seats is asked for by the table of kinds.
    found |= {kind.signing.profile: "machine" for kind in KINDS.values() if kind.signing.profile}
    return found


def _asked(tree: ast.AST) -> Iterable[str]:
    accessors = {kind.value for kind in rules_schema.Kind} | {"optional_ratio", "optional_share", "tier"}
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in accessors:
            if call.func.attr in ("tier", "tiers"):
                yield "account.tiers"  # the accessor's own default
            named = (node for argument in call.args for node in ast.walk(argument))
            yield from (str(n.value) for n in named if isinstance(n, ast.Constant) and n.value in SCHEMA)


# --- kinds ------------------------------------------------------------------------------------------------------------


def kinds() -> str:
    """Every kind with its room, its command and who must sign it."""
    rows = [
        (
            f"`{name}`",
            words.text(f"kind.{name.partition('/')[0]}.title", "zh_CN"),
            kind.room,
            str(kind.since) if name != "machine.adopted/1" else "1, to end it",
            FREE[name] if kind.signing.free else signs(kind),
            command(name),
        )
        for name, kind in KINDS.items()
    ]
    return markdown(("kind", "中文", "room", "machine", "who signs", "command"), rows)


def signs(kind: Kind) -> str:
    """Who must sign a kind, in words."""
    signing = kind.signing
    said = [_seat(wanted) for wanted in signing.seats]
    if signing.stand_in:
        said = [f"{seat} (with none able to sign the registrar, for an election)" for seat in said]
    if signing.profile:
        said.append(f"as the profile says (`{signing.profile}`)")
    if signing.two_party:
        said.append("body and registrar" if signing.alone else "body and registrar (never the registrar alone)")
    brings = " and each key it brings" if kind.new_keys.__name__ != "<lambda>" else ""
    return (" and ".join(said) or "every founding person") + (brings if said else "")


def _seat(wanted: frozenset[str]) -> str:
    if wanted >= BODY_ROLES:
        return " or ".join(["body", *sorted(wanted - BODY_ROLES)])
    return " or ".join(sorted(wanted))


def command(name: str) -> str:
    """The command that makes a kind."""
    return f"`{' '.join(PATHS[name])}`"


# --- the service ------------------------------------------------------------------------------------------------------


def access() -> str:
    """Which classes of readers may do what."""
    rows = [
        (f"`{operation}`", *("yes" if name in allowed else "–" for name in CLASSES))
        for operation, allowed in TABLE.items()
    ]
    return markdown(("", *CLASSES), rows)


def settings() -> str:
    """The service's settings."""
    rows = [
        (f"`{variable(one.name)}`", str(one.default), one.metadata["says"], one.metadata["power"])
        for one in fields(Settings)
    ]
    return markdown(("setting", "default", "what it is", "power over it"), rows)


TABLES: Final[Mapping[str, Callable[[], str]]] = {
    "access": access,
    "settings": settings,
    "findings.en": lambda: findings("en"),
    "findings.zh": lambda: findings("zh_CN"),
    "coverage": coverage,
    "checks": checks,
    "rows": irregularities,
    "profile": profile,
    "kinds": kinds,
}
"""Every table, by the name under which it stands in a document."""
