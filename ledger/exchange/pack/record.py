"""02 the body and its authority; 14 findings; 15 the sample; 17 what verification said, as workbooks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ledger.audit import sampling
from ledger.audit.books import journal
from ledger.audit.books.titles import Titles
from ledger.audit.pack import Material
from ledger.exchange.sheets import Row, Sheet, workbook, yuan
from ledger.publication.audited import Explained
from ledger.publication.records import StatementPublished


@dataclass(frozen=True, slots=True)
class Told:
    """A finding in words: what the check asks, what it found, what would clear it."""

    title: str
    says: str
    clears: str


Say = Callable[[Mapping[str, Any]], Told]
"""How a finding of a report reads: paper knows, and hands it in."""


def files(material: Material, locale: str, say: Say, word: str) -> dict[str, bytes]:
    """The four workbooks by name."""
    titles = Titles(material.case, locale)
    made = {
        "02": (about(material, titles), terms(material, titles), mandates(material, titles)),
        "14": (findings(material, titles, say),),
        "15": (sample(material, titles, word),),
        "17": (verified(material, titles), counted(material, titles), keys(material, titles)),
    }
    return {titles.text(f"pack.file_{number}") + ".xlsx": workbook(sheets, locale) for number, sheets in made.items()}


def about(material: Material, titles: Titles) -> Sheet:
    """02: the ledger, its log's keys, the rules in force."""
    books = material.case.books
    rows: list[Row] = [
        (titles.text("pack.about_name"), books.name),
        (titles.text("pack.about_genesis"), books.ledger),
        (titles.text("pack.about_origin"), books.origin),
        *((titles.text("pack.about_key"), key) for key in books.vkeys),
        (titles.text("pack.about_machine"), books.machine),
        *((titles.text("pack.about_profile"), titles.named(p.name, p.digest)) for _, p in material.case.profiles()),
        (titles.text("pack.about_chart"), titles.chart.name),
        (titles.text("pack.about_opened"), books.accounts.opened_on),
        (titles.text("pack.about_closed"), books.accounts.closed_until),
    ]
    return Sheet("about", ("item", "value"), rows)


def terms(material: Material, titles: Titles) -> Sheet:
    """02: who held which office when, by which paper."""
    held = (term for terms in material.case.books.people.terms.values() for term in terms)
    rows: list[Row] = [
        (
            titles.person(term.person),
            titles.text(f"role.{term.role}"),
            titles.text(f"body.{term.body}"),
            term.start,
            term.end,
            titles.text("pack.in_term" if term.start <= material.span.last <= term.end else "pack.out_of_term"),
            titles.paper(term.source) or term.source,
        )
        for term in sorted(held, key=lambda term: (term.start, term.role, term.person))
    ]
    return Sheet("terms", ("person", "role", "body", "start", "end", "on_last_day", "paper"), rows)


def mandates(material: Material, titles: Titles) -> Sheet:
    """02: own accounts, and who must approve a payment from which amount on."""
    either, both = titles.text("pack.seat_or"), titles.text("pack.seat_and")
    rows: list[Row] = [
        (
            titles.account(code),
            titles.text(f"nature.{account.nature}"),
            account.bank,
            titles.text(f"pack.holder_{account.holder}"),
            titles.text("plain.listed").join(titles.fund(name) for name in account.funds),
            yuan(tier.least),
            both.join(either.join(titles.text(f"role.{role}") for role in seat) for seat in tier.seats),
            tier.posting,
        )
        for code, account in sorted(material.case.books.accounts.accounts.items())
        for tier in account.mandate
    ]
    columns = ("account", "account_nature", "bank", "holder", "funds", "from_amount", "approvers", "posting_days")
    return Sheet("mandates", columns, rows)


def findings(material: Material, titles: Titles, say: Say) -> Sheet:
    """14: every finding of the checks over the whole log, the heaviest first."""
    answered = {noted.fact.finding: noted for noted in material.case.facts(Explained)}
    rows: list[Row] = []
    for number, finding in enumerate(material.made.report["findings"], 1):
        told, answer = say(finding), answered.get(finding["key"])
        said = titles.text("pack.explained", on=answer.fact.on, entry=answer.seq) if answer else ""
        cited = "; ".join(
            f"#{place['entry']}" + (f" {place['part']}" if "part" in place else "") for place in finding["evidence"]
        )
        severity = titles.text(f"audit.severity.{finding['severity']}")
        basis = titles.text("plain.listed").join(finding["basis"])
        rows.append((number, severity, told.title, told.says, told.clears, basis, cited, said, finding["key"]))
    columns = ("number", "weight", "check", "says", "clears", "law", "evidence", "explained", "key")
    report = material.made.report
    notes = (titles.text("pack.checks_asked", asked=len(report["asked"]), version=report["checks"], found=len(rows)),)
    return Sheet("findings", columns, rows, notes=notes)


def sample(material: Material, titles: Titles, word: str) -> Sheet:
    """15: vouchers drawn by the head of the log, with all that it takes to draw them again."""
    found = journal.vouchers(p for p in material.postings if p.within(material.span))
    frozen = [act.body.prefix for act in material.case.acts(StatementPublished)]
    columns = ("number", "voucher", "on", "amount", "summary", "entry", "looked_at", "result")
    if material.span.last > material.case.books.accounts.closed_until or not frozen:
        return Sheet("sample", columns, [], notes=(titles.text("pack.sample_open"),))
    about = material.made.report
    seed = sampling.seed_of(about["origin"], about["size"], about["root"], frozen=max(frozen), word=word)
    drawn = sampling.draw(found, seed, sampling.wanted(len(found)))
    rows: list[Row] = [
        (
            number,
            name,
            found[name][0].day,
            yuan(sum(posting.leg.debit for posting in found[name])),
            titles.summary(found[name][0]),
            found[name][0].voucher.entry,
            "",
            "",
        )
        for number, name in enumerate(drawn, 1)
    ]
    notes = (
        titles.text("pack.sample_pool", pool=len(found), drawn=len(drawn)),
        titles.text(
            "pack.sample_head", origin=about["origin"], size=about["size"], root=about["root"], frozen=max(frozen)
        ),
        titles.text("pack.sample_word", word=word) if word else titles.text("pack.sample_no_word"),
        titles.text("pack.sample_seed", seed=seed.hex()),
    )
    return Sheet("sample", columns, rows, notes=notes)


def verified(material: Material, titles: Titles) -> Sheet:
    """17: the verdict, and what was found about the log itself."""
    report = material.made.verification
    rows: list[Row] = [
        (
            titles.text(f"pack.severity_{one.severity}"),
            titles.text(f"finding.{one.code}.title"),
            str(one.where),
            "; ".join(f"{name}: {value}" for name, value in one.context.items()),
            one.code,
        )
        for one in report.findings
    ]
    notes = (titles.text(f"verify.verdict.{report.verdict}"),)
    return Sheet("verified", ("weight", "says", "place", "value", "code_of"), rows, notes=notes)


def counted(material: Material, titles: Titles) -> Sheet:
    """17: how much was checked. Nothing of the machine that checked stands there, so that every machine writes the same."""
    report = material.made.verification
    rows: list[Row] = [(name, value) for name, value in sorted({**report.subject, **report.counts}.items())]
    rows += [(f"version_{name}", value) for name, value in sorted(report.versions.items()) if name != "python"]
    return Sheet("counted", ("item", "value"), rows)


def keys(material: Material, titles: Titles) -> Sheet:
    """17: whose keys the verification leaned on."""
    rows: list[Row] = [
        (titles.text(f"verify.whose.{key.whose}"), key.name, key.key, titles.text(f"pack.source_{key.source}"))
        for key in material.made.verification.keys
    ]
    return Sheet("keys", ("whose", "name", "key", "source"), rows)
