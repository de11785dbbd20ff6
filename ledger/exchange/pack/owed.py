"""09 contracts, receivables, current accounts and petty cash; 10 budgets; 11 the maintenance fund, as workbooks."""

from typing import Final

from ledger.audit.books import budgets, fund, owed, plans
from ledger.audit.books.owed import AGES
from ledger.audit.books.titles import Titles
from ledger.audit.pack import Material
from ledger.exchange.sheets import Row, Sheet, workbook, yuan

_AGED: Final = (*(f"to_{age}" for age in AGES), f"over_{AGES[-1]}")


def files(material: Material, locale: str) -> dict[str, bytes]:
    """The three workbooks by name."""
    titles = Titles(material.case, locale)
    made = {
        "09": (
            contracts(material, titles),
            receivables(material, titles),
            currents(material, titles),
            suspense(material, titles),
            boxes(material, titles),
        ),
        "10": (authorities(material, titles), bases(material, titles), planned(material, titles)),
        "11": maintenance(material, titles),
    }
    return {titles.text(f"pack.file_{number}") + ".xlsx": workbook(sheets, locale) for number, sheets in made.items()}


def contracts(material: Material, titles: Titles) -> Sheet:
    """09: every contract as printed, with what moved under it in the days."""
    rows: list[Row] = []
    for one in owed.contracts(material.case, material.postings, material.span):
        body = one.act.body
        promised = "; ".join(
            titles.named(
                titles.text(f"pack.cycle_{promise.cycle}"), f"{yuan(promise.amount):,.2f}" if promise.amount else ""
            )
            for promise in body.expected
        )
        rows.append(
            (
                body.code,
                titles.text(f"pack.direction_{body.direction}"),
                body.object,
                titles.party(body.party),
                body.start or body.start_printed or "",
                body.end or body.end_printed or "",
                promised,
                body.deposit_printed or "",
                yuan(one.received),
                yuan(one.spent),
                titles.paper(body.document),
                one.act.seq,
            )
        )
    columns = ("contract_code", "way", "object", "party", "start", "end", "promised", "deposit", "received", "spent")
    return Sheet("contracts", (*columns, "paper", "entry"), rows)


def receivables(material: Material, titles: Titles) -> Sheet:
    """09: what had fallen due under contracts, what had come, what is open by age."""
    last = material.span.last
    rows: list[Row] = [
        (
            titles.contract(act.body.code),
            titles.party(act.body.party),
            yuan(due),
            yuan(came),
            yuan(aged.amount),
            *map(yuan, aged.by_age(last)),
        )
        for act, due, came, aged in owed.receivables(material.case, last)
    ]
    return Sheet("receivables", ("contract", "party", "due", "received", "open", *_AGED), rows)


def currents(material: Material, titles: Titles) -> Sheet:
    """09: money owed to others or by others, by party and age."""
    last = material.span.last
    rows: list[Row] = [
        (
            titles.text(f"nature.{one.nature}"),
            titles.fund(one.fund),
            titles.party(one.party),
            titles.text("pack.owed_by_us" if one.aged.amount > 0 else "pack.owed_to_us"),
            yuan(abs(one.aged.amount)),
            *(yuan(abs(amount)) for amount in one.aged.by_age(last)),
        )
        for one in owed.currents(material.postings, last)
    ]
    return Sheet("currents", ("nature", "fund", "party", "who_owes", "open", *_AGED), rows)


def suspense(material: Material, titles: Titles) -> Sheet:
    """09: bank rows of which nobody could say on the last evening what they were."""
    last = {month.table["account"]: month.table for month in material.months}
    rows: list[Row] = [
        (
            titles.account(code),
            titles.text(f"pack.item_{item['class']}"),
            item["on"],
            yuan(item["amount"]),
            item["record"],
        )
        for code, table in sorted(last.items())
        for item in table["items"]
    ]
    return Sheet("suspense", ("account", "item", "on", "amount", "record"), rows)


def boxes(material: Material, titles: Titles) -> Sheet:
    """09: petty cash, with the last count."""
    rows: list[Row] = [
        (
            titles.account(box.code),
            yuan(box.received),
            yuan(box.spent),
            yuan(box.held),
            box.counted.body.on if box.counted else titles.text("pack.never_counted"),
            yuan(box.counted.body.counted) if box.counted else "",
            titles.hands(box.counted.signers) if box.counted else "",
        )
        for box in owed.boxes(material.case, material.postings, material.span)
    ]
    return Sheet("boxes", ("account", "received", "spent", "balance", "counted_on", "counted", "counted_by"), rows)


def authorities(material: Material, titles: Titles) -> Sheet:
    """10: each authority with what was paid on it."""
    listed = titles.text("plain.listed")
    rows: list[Row] = [
        (
            one.title,
            titles.text(f"authority.{one.authority.kind}"),
            one.authority.line,
            listed.join(titles.fund(code) for code in one.authority.funds),
            listed.join(titles.category(code) for code in one.authority.categories),
            one.authority.start,
            one.authority.until,
            yuan(one.authority.cap),
            yuan(one.within),
            yuan(one.until),
            yuan(one.left),
            one.entry,
        )
        for one in budgets.used(material.case, material.postings, material.span)
    ]
    columns = ("motion", "authority", "line", "funds", "categories", "start", "end", "cap", "paid", "paid_in_all")
    return Sheet("authorities", (*columns, "left", "entry"), rows)


def bases(material: Material, titles: Titles) -> Sheet:
    """10: what the payments of the days rest on."""
    rows: list[Row] = [
        (titles.text(f"authority.{basis}"), count, yuan(amount))
        for basis, (count, amount) in budgets.by_basis(material.case, material.postings, material.span).items()
    ]
    return Sheet("bases", ("authority", "count", "amount"), rows)


def planned(material: Material, titles: Titles) -> Sheet:
    """10: each open budget that runs on some of the days, line by line beside what was booked in them."""
    listed = titles.text("plain.listed")
    lines = [noted for noted in material.case.lines() if material.span.first <= noted.fact.booked <= material.span.last]
    rows: list[Row] = [
        (
            act.body.code,
            act.body.start,
            act.body.until,
            one.line.line if one.line else titles.text("pack.not_planned"),
            titles.text(f"nature.{plans.NATURES[one.direction]}"),
            titles.fund(one.fund),
            listed.join(titles.category(code) for code in one.categories),
            yuan(one.planned),
            yuan(one.actual),
            yuan(one.left),
            act.seq,
        )
        for act in plans.standing(material.case)
        if act.body.start <= material.span.last and act.body.until >= material.span.first
        for one in plans.compared(act, lines)
    ]
    columns = ("plan", "start", "end", "line", "nature", "fund", "categories", "planned", "actual", "left", "entry")
    return Sheet("plans", columns, rows)


def maintenance(material: Material, titles: Titles) -> tuple[Sheet, ...]:
    """11: three sheets, or one that says why there are none."""
    made = fund.sheets(material.postings, material.span)
    if made is None:
        return (Sheet("no_fund", ("item",), [(titles.text("pack.no_fund"),)]),)
    before, after = sum(made.opening.values()), sum(made.closing.values())

    def row(item: str, *amounts: int) -> Row:
        return titles.text(f"pack.fund_{item}"), *map(yuan, amounts)

    accounts = sorted({*made.opening, *made.closing})
    position: list[Row] = [
        *(
            (titles.account(code), yuan(made.opening.get(code, 0)), yuan(made.closing.get(code, 0)))
            for code in accounts
        ),
        row("assets", before, after),
        row("principal", *made.principal),
        row("gains", *made.gains),
        row("net_assets", made.principal[0] + made.gains[0], made.principal[1] + made.gains[1]),
    ]
    moved: list[Row] = [
        *(row(name, made.items[name]) for name in fund.INCOME),
        row("income", made.income),
        *(row(name, made.items[name]) for name in fund.EXPENSE),
        row("expense", made.expense),
        row("result", made.income - made.expense),
    ]
    gain = made.gains[1] - made.gains[0]
    change = made.principal[1] - made.principal[0] - made.aside
    changes: list[Row] = [
        row("before", made.principal[0], made.gains[0], before),
        row("result", change, gain, change + gain),
        row("aside", made.aside, 0, made.aside),
        row("after", made.principal[1], made.gains[1], made.principal[1] + made.gains[1]),
    ]
    return (
        Sheet("fund_01", ("item", "before_days", "after_days"), position),
        Sheet("fund_02", ("item", "amount"), moved),
        Sheet("fund_03", ("item", "principal", "gains", "together"), changes),
    )
