"""12 votes counted again; 13 statements, postings, sightings, corrections, questions and answers, as workbooks."""

from ledger.audit.books import recount
from ledger.audit.books.titles import Titles
from ledger.audit.pack import Material
from ledger.exchange.sheets import Row, Sheet, workbook, yuan
from ledger.publication.audited import PostingSeen
from ledger.publication.objections import QuestionAnswered, QuestionAsked, QuestionConcluded
from ledger.publication.records import CorrectionNoticed, PostingHung, StatementPublished


def files(material: Material, locale: str) -> dict[str, bytes]:
    """The two workbooks by name."""
    titles = Titles(material.case, locale)
    made = {
        "12": (motions(material, titles), answers(material, titles)),
        "13": (
            statements(material, titles),
            postings(material, titles),
            sightings(material, titles),
            corrections(material, titles),
            questions(material, titles),
        ),
    }
    return {titles.text(f"pack.file_{number}") + ".xlsx": workbook(sheets, locale) for number, sheets in made.items()}


def motions(material: Material, titles: Titles) -> Sheet:
    """12: each motion with its certificate, and whether every figure was found again."""
    rows: list[Row] = [
        (
            one.meeting,
            one.title,
            one.item.matter,
            titles.text(f"pack.majority_{one.item.majority}"),
            titles.text("pack.passed" if one.item.passed else "pack.not_passed"),
            *(titles.text("pack.met" if met else "pack.not_met") for pair in one.met for met in pair),
            titles.text("pack.agree" if one.agrees else "pack.differ"),
            one.certificate.day,
            titles.hands(one.certificate.signers),
            one.certificate.seq,
        )
        for one in recount.recounts(material.case)
    ]
    tested = ("participation", "participation_again", "consent", "consent_again")
    columns = ("meeting", "motion", "matter", "majority", "outcome", *tested, "recount", "on", "signed_by", "entry")
    return Sheet("motions", columns, rows)


def answers(material: Material, titles: Titles) -> Sheet:
    """12: area and heads of each answer, certified and counted again from the opened ballots."""
    rows: list[Row] = [
        (
            one.title,
            titles.text(f"pack.answer_{name}"),
            yuan(said.area),
            yuan(again.area),
            said.heads,
            again.heads,
            titles.text("pack.agree" if said == again else "pack.differ"),
        )
        for one in recount.recounts(material.case)
        for name, (said, again) in one.answers.items()
    ]
    return Sheet("answers", ("motion", "answer", "area", "area_again", "heads", "heads_again", "recount"), rows)


def statements(material: Material, titles: Titles) -> Sheet:
    """13: every published statement; its bytes were drawn up again here."""
    drawn = {one["period"]["code"]: one for one in material.made.statements}
    rows: list[Row] = [
        (
            act.body.period,
            act.day,
            act.body.digest,
            act.body.prefix,
            titles.text("pack.drawn" if act.body.period in drawn else "pack.not_drawn"),
            titles.hands(act.signers),
            act.seq,
        )
        for act in material.case.acts(StatementPublished)
    ]
    return Sheet("statements", ("period", "on", "digest", "prefix", "recomputed", "signed_by", "entry"), rows)


def postings(material: Material, titles: Titles) -> Sheet:
    """13: what hung in public, where and how long."""
    rows: list[Row] = [
        (
            act.body.record,
            act.body.start,
            act.body.until,
            titles.text("plain.listed").join(act.body.places),
            len(act.body.evidence),
            titles.hands(act.signers),
            act.seq,
        )
        for act in material.case.acts(PostingHung)
    ]
    return Sheet("postings", ("record", "start", "end", "places", "photographs", "signed_by", "entry"), rows)


def sightings(material: Material, titles: Titles) -> Sheet:
    """13: who saw a board and on which day; a photograph is named by its digest, so that one that is shown can be held to it."""
    rows: list[Row] = [
        (act.body.record, act.body.on, act.body.evidence, titles.hands(act.signers), act.seq)
        for act in material.case.acts(PostingSeen)
    ]
    return Sheet("sightings", ("record", "seen_on", "photograph", "signed_by", "entry"), rows)


def corrections(material: Material, titles: Titles) -> Sheet:
    """13: correction notices."""
    rows: list[Row] = [
        (act.body.statement, act.body.was, act.body.now, act.body.reason, act.body.contra or "", act.day, act.seq)
        for act in material.case.acts(CorrectionNoticed)
    ]
    return Sheet("corrections", ("statement", "was", "now", "reason", "contra", "on", "entry"), rows)


def questions(material: Material, titles: Titles) -> Sheet:
    """13: owners' questions with the day of the answer; their texts are no auditor's to carry away."""
    answered = {noted.fact.objection: noted.fact for noted in material.case.facts(QuestionAnswered)}
    concluded = {noted.fact.objection: noted.fact for noted in material.case.facts(QuestionConcluded)}
    rows: list[Row] = []
    for noted in material.case.facts(QuestionAsked):
        asked = noted.fact
        answer, end = answered.get(asked.objection), concluded.get(asked.objection)
        late = (answer.on if answer else material.today) > asked.due
        rows.append(
            (
                asked.about,
                asked.slip,
                asked.on,
                asked.due,
                answer.on if answer else titles.text("pack.not_answered"),
                titles.text("pack.late" if late else "pack.in_time"),
                titles.text(f"pack.outcome_{end.outcome}") if end else "",
                noted.seq,
            )
        )
    return Sheet("questions", ("about", "slip", "on", "due_on", "answered", "in_time", "concluded", "entry"), rows)
