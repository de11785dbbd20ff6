"""Decisions of the owners that the machine took as they came and that the law would not: rows 2 and 3 of the table.

The machine counts by the profile that the community adopted. Whether *that* asks for what the Civil Code asks for, whether a
motion was put to the vote as the matter that it is, and whether the rules stayed the same from notice to opening, is
looked at here.

>>> special_matter("关于出租小区公共场地的议案"), special_matter("续筹住宅专项维修资金"), special_matter("Let common parts for adverts")
(8, 6, 8)
>>> special_matter("公共场地出租收入的使用方案"), special_matter("更换电梯"), special_matter("选聘物业服务企业")
(None, None, None)
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Final

from ledger import canonical, period
from ledger.accounts.records import DelegationEffect, DocumentEntered, MandateChanged
from ledger.audit.checks.dossier import Acted, Cited, Dossier
from ledger.audit.checks.frame import Check, Found, found
from ledger.people.records import LedgerOpened, RoleAppointed
from ledger.people.state import BODY_ROLES, REGISTRAR
from ledger.rules.profile import Profile
from ledger.rules.ratio import Ratio
from ledger.rules.records import BylawsAdopted, ProfileAdopted
from ledger.votes.facts import MotionDecided
from ledger.votes.records import (
    Item,
    MeetingCalled,
    MeetingCertified,
    MeetingOpened,
    MeetingWithdrawn,
    Motion,
    NoticePosted,
    RollFrozen,
    Weight,
)

PARTICIPATION: Final = Ratio.parse(">=2/3")
ORDINARY: Final = Ratio.parse(">1/2")
SPECIAL: Final = Ratio.parse(">=3/4")
SPECIAL_MATTERS: Final = frozenset({6, 7, 8})
"""What the Civil Code asks for (278(1), (2)): settled, and no community's to lower."""
NOTICE_DAYS: Final = 15
"""PMR 14."""
SHORTEST: Final = 5
"""Days that a vote is open at least where a rule says anything (Hz 20); national law is silent, so this is a weak sign."""
HOUR_MS: Final = 3_600_000
_LETS: Final = "出租|招租|外租|租赁|发包|对外经营|用于经营|从事经营|开展经营|改变用途"
_COMMON: Final = "共用|共有|公共|公用|架空层|屋顶|外墙|楼顶|轿厢|广告位|地面车位|场地"
_SPECIAL: Final[Mapping[int, re.Pattern[str]]] = {
    6: re.compile(
        r"(?:筹集|续筹|补缴|补交|补建|续交).{0,12}维修(?:资金|基金)|维修(?:资金|基金).{0,6}(?:筹集|续筹|补缴|补交|补建|续交)"
        r"|(?:raise|replenish|top up)\b.{0,20}\bmaintenance fund",
        re.I,
    ),
    7: re.compile(
        r"(?:改建|重建).{0,10}(?:建筑物|附属设施|房屋|住宅楼)|(?:建筑物|附属设施|房屋|住宅楼).{0,6}(?:改建|重建)"
        r"|\b(?:rebuild|reconstruct)\b.{0,20}\bbuilding",
        re.I,
    ),
    8: re.compile(
        rf"(?:{_LETS}).{{0,10}}(?:{_COMMON})|(?:{_COMMON}).{{0,10}}(?:{_LETS})"
        r"|\b(?:let|lease|rent out|letting|leasing)\b.{0,20}\bcommon (?:part|area|space|ground|land)",
        re.I,
    ),
}
_PROCEEDS: Final = re.compile(r"收入|收益|所得|租金|款项|proceeds|income|revenue", re.I)
"""Spending what a letting brought is another matter (9) than letting."""
_RULES: Final = ("vote.", "notice.")
SHOWN: Final = 12
"""Digits of a digest that a sentence shows; the entry has all of them."""


def special_matter(title: str) -> int | None:
    """The matter of CC 278 with the higher majority that a motion's title says and nothing else; None where it says none."""
    if _PROCEEDS.search(title):
        return None
    return next((matter for matter, said in _SPECIAL.items() if said.search(title)), None)


def below_the_law(case: Dossier) -> Iterator[Found]:
    """A motion is certified as passed that on the certificate's own figures did not pass by the Civil Code.

    Whether void ballots take part is unsettled: reported only if the motion passes neither way.
    """
    for act in case.acts(MeetingCertified):
        for number, item in enumerate(act.body.items):
            total = act.body.roll.total
            if (
                act.body.founds_authority
                and item.passed
                and not any(_passes(item, total, part) for part in _taking(item))
            ):
                part = _taking(item)[0]
                yield found(
                    act.cite(f"items/{number}"),
                    matter=item.matter,
                    yes_heads=item.yes.heads,
                    heads=part.heads,
                    all_heads=total.heads,
                    yes_area=_square_metres(item.yes.area),
                    area=_square_metres(part.area),
                    all_area=_square_metres(total.area),
                )


def rules_below_the_law(case: Dossier) -> Iterator[Found]:
    """A profile under which votes may be opened asks for less than the law settles."""
    for adopted, profile in case.profiles():
        below = ", ".join(_below(profile)) if profile.opens_votes else ""
        if below:
            yield found(adopted, profile=profile.name, below=below)


def rules_moved(case: Dossier) -> Iterator[Found]:
    """Between the notice on which a vote rests and its opening the rules of voting became others."""
    notices = {act.digest: act for act in case.acts(NoticePosted)}
    for act in case.acts(MeetingOpened):
        notice = notices[act.body.notice]
        before, after = case.profile_at(notice.seq), case.profile_at(act.seq)
        keys = [
            key
            for key, setting in after.settings.items()
            if key.startswith(_RULES) and setting.value != before.settings[key].value
        ]
        if keys:
            adopted = [cited for cited, _ in case.profiles() if notice.seq < cited.seq < act.seq]
            yield found(act.cite(), *adopted, notice.cite(), rules=", ".join(sorted(keys)))


def source_unknown(case: Dossier) -> Iterator[Found]:
    """Rules, an office of the body, a mandate: changed on a paper that stands nowhere on this ledger."""
    papers = case.acts(DocumentEntered)
    known = {digest for act in papers for digest in (act.digest, act.body.original, act.body.redacted)}
    known |= {act.digest for act in case.acts(MeetingCertified)} | {act.digest for act in case.acts(MeetingCalled)}
    known |= {motion.text for act in case.acts(MeetingCalled) for motion in act.body.motions}
    changes = [
        *((act.cite("source"), act.body.source) for act in case.acts(ProfileAdopted)),
        *((act.cite("source"), act.body.source) for act in case.acts(BylawsAdopted)),
        *((act.cite("source"), act.body.source) for act in case.acts(MandateChanged)),
        *((act.cite("source"), act.body.source) for act in case.acts(RoleAppointed) if act.body.role in BODY_ROLES),
    ]
    by_source: defaultdict[str, list[Cited]] = defaultdict(list)
    for cited, source in changes:
        by_source[source].append(cited)
    for source, together in by_source.items():
        if source not in known:
            yield found(*together, source=source[:SHOWN], changes=len(together))


def wrong_matter(case: Dossier) -> Iterator[Found]:
    """A motion whose title says a matter of the higher majority passed with the lower one, short of the higher."""
    for act, number, motion, other, item in _put_as_ordinary(case):
        if item is None or not item.passed:
            continue
        taking = item.counted.participating
        if not _holds(SPECIAL, item.counted.agreeing, taking):
            yield found(
                act.cite(f"motions/{number}"),
                title=motion.title,
                matter=motion.matter,
                other=other,
                yes_heads=item.counted.agreeing.heads,
                heads=taking.heads,
            )


def unclear_matter(case: Dossier) -> Iterator[Found]:
    """A motion whose title says a matter of the higher majority is put to the vote as one of the lower, or passed as that with
    votes enough for both.
    """
    for act, number, motion, other, item in _put_as_ordinary(case):
        if item is None or (item.passed and _holds(SPECIAL, item.counted.agreeing, item.counted.participating)):
            yield found(act.cite(f"motions/{number}"), title=motion.title, matter=motion.matter, other=other)


def no_registrar(case: Dossier) -> Iterator[Found]:
    """Roll or certificate of a meeting that decided was signed by nobody outside the body."""
    rolls = {act.digest: act for act in case.acts(RollFrozen)}
    for act in case.acts(MeetingCertified):
        signed = (act, rolls[act.body.roll.record])
        alone = [one for one in signed if not any(REGISTRAR in signer.roles for signer in one.signers)]
        if alone and act.body.founds_authority:
            yield found(*(one.cite() for one in alone), records=len(alone))


def short_vote(case: Dossier) -> Iterator[Found]:
    """A vote that binds was open for fewer days than any local rule allows."""
    for act in case.acts(MeetingOpened):
        opens, closes = (period.parse_time(moment) for moment in (act.body.opens, act.body.closes))
        if act.body.phone_vote is not None and closes - opens < SHORTEST * period.DAY_MS:
            yield found(act.cite("closes"), hours=(closes - opens) // HOUR_MS, wanted=SHORTEST)


def unopened_turns(case: Dossier) -> Iterator[Found]:
    """A motion failed while sealed ballots that nobody opened would have carried it, had they said yes."""
    for act in case.acts(MeetingCertified):
        unopened = act.body.unopened
        for number, item in enumerate(act.body.items):
            if unopened is None or item.passed:
                continue
            counted, total = item.counted, act.body.roll.total
            part, agreeing = (_plus(weight, unopened.weight) for weight in (counted.participating, counted.agreeing))
            participation, consent = (Ratio.parse(one.ratio) for one in (counted.participation, counted.consent))
            # A profile may measure consent on all owners instead of on those who take part.
            of_all = counted.consent.area[1] == consent.num * total.area
            if _holds(participation, part, total) and _holds(consent, agreeing, total if of_all else part):
                yield found(act.cite(f"items/{number}"), ballots=unopened.count, heads=unopened.weight.heads)


def delegation_large(case: Dossier) -> Iterator[Found]:
    """Owners left to the body single payments as large as those that must hang in public before."""
    for act, number, effect in _delegations(case):
        large = case.profile_at(act.seq).fen("account.large_fen")
        if effect.each >= large:
            yield found(act.cite(f"motions/{number}"), each_fen=effect.each, total_fen=effect.total, large_fen=large)


def delegation_long(case: Dossier) -> Iterator[Found]:
    """A delegation outlives everybody to whom it was given."""
    for act, number, effect in _delegations(case):
        terms = [term for held in case.books.people.terms.values() for term in held if term.role in BODY_ROLES]
        in_office = [term.end for term in terms if term.start <= act.day <= term.end]
        if in_office and effect.until > max(in_office):
            yield found(act.cite(f"motions/{number}"), until_day=effect.until, term_day=max(in_office))


def _delegations(case: Dossier) -> Iterator[tuple[Acted[MeetingCalled], int, DelegationEffect]]:
    """Those that passed and bind, each with its motion."""
    calls = {act.digest: act for act in case.acts(MeetingCalled)}
    for noted in case.facts(MotionDecided):
        decided = noted.fact
        if decided.passed and decided.founds_authority and decided.effect and decided.effect["type"] == "delegation":
            called, _, number = decided.motion.partition("#")
            yield (
                calls[called],
                int(number),
                DelegationEffect.model_validate_json(canonical.encode(dict(decided.effect))),
            )


def _put_as_ordinary(
    case: Dossier,
) -> Iterator[tuple[Acted[MeetingCalled], int, Motion, int, Item | None]]:
    """Motions of binding meetings that were put as an ordinary matter and say a special one, each with that one, and with what
    came of it, if certified.
    """
    items = {item.motion: item for act in case.acts(MeetingCertified) for item in act.body.items}
    withdrawn = {act.body.meeting for act in case.acts(MeetingWithdrawn)}
    for act in case.acts(MeetingCalled):
        if act.body.phone_vote is None or act.digest in withdrawn:
            continue
        for number, motion in enumerate(act.body.motions):
            special = frozenset(case.profile_at(act.seq).numbers("vote.special_items")) | SPECIAL_MATTERS
            other = special_matter(motion.title)
            if other is not None and motion.matter not in special:
                yield act, number, motion, other, items.get(f"{act.digest}#{number}")


def _taking(item: Item) -> tuple[Weight, Weight]:
    """Who takes part: without void ballots, and with them."""
    without = _plus(item.yes, item.no, item.abstain)
    return without, _plus(without, item.void)


def _passes(item: Item, total: Weight, participating: Weight) -> bool:
    consent = SPECIAL if item.matter in SPECIAL_MATTERS else ORDINARY
    return _holds(PARTICIPATION, participating, total) and _holds(consent, item.yes, participating)


def _holds(ratio: Ratio, part: Weight, whole: Weight) -> bool:
    return ratio.holds(part.area, whole.area) and ratio.holds(part.heads, whole.heads)


def _plus(*weights: Weight) -> Weight:
    return Weight(area=sum(one.area for one in weights), heads=sum(one.heads for one in weights))


def _below(profile: Profile) -> Iterator[str]:
    """The keys of a profile whose value asks for less than the law, with the value."""
    for key, law in (("vote.participation", PARTICIPATION), ("vote.ordinary", ORDINARY), ("vote.special", SPECIAL)):
        ratio = profile.ratio(key)
        if _strictness(ratio) < _strictness(law):
            yield f"{key} {ratio}"
    missing = SPECIAL_MATTERS - set(profile.numbers("vote.special_items"))
    if missing:
        yield f"vote.special_items {sorted(profile.numbers('vote.special_items'))}"
    notice = profile.days("notice.regular")
    if not notice.working and notice.count < NOTICE_DAYS:
        yield f"notice.regular {notice}"


def _strictness(ratio: Ratio) -> tuple[Fraction, bool]:
    return Fraction(ratio.num, ratio.den), ratio.op == ">"


def _square_metres(area: int) -> str:
    return f"{area // 100}.{area % 100:02}"


_MEETINGS: Final = (MeetingCalled, MeetingCertified)
_PROFILES: Final = (LedgerOpened, ProfileAdopted)

CHECKS: Final = (
    Check("decision.below_law", "3", "critical", ("CC 278",), (MeetingCertified,), below_the_law),
    Check("decision.rules_below_law", "3", "high", ("CC 278", "PMR 14"), _PROFILES, rules_below_the_law),
    Check("decision.rules_moved", "3", "high", ("PMR 14",), (MeetingOpened, NoticePosted, *_PROFILES), rules_moved),
    Check(
        "decision.source_unknown",
        "2",
        "medium",
        ("CC 278",),
        (*_MEETINGS, DocumentEntered, ProfileAdopted, BylawsAdopted, MandateChanged, RoleAppointed),
        source_unknown,
    ),
    Check(
        "decision.wrong_matter",
        "3",
        "critical",
        ("CC 278",),
        (*_MEETINGS, MeetingWithdrawn, *_PROFILES),
        wrong_matter,
    ),
    Check(
        "decision.unclear_matter",
        "3",
        "low",
        ("CC 278",),
        (*_MEETINGS, MeetingWithdrawn, *_PROFILES),
        unclear_matter,
        weak=True,
    ),
    Check("decision.no_registrar", "3", "medium", ("PMR 19",), (MeetingCertified, RollFrozen), no_registrar),
    Check("decision.short_vote", "3", "low", ("Hz 20",), (MeetingOpened,), short_vote, weak=True),
    Check("decision.unopened_turns", "3", "high", ("CC 278", "SPC 12"), (MeetingCertified,), unopened_turns),
    Check(
        "decision.delegation_large",
        "2",
        "medium",
        ("CC 278", "SZ-M 18", "SZ-M 22"),
        (MeetingCalled, MotionDecided, *_PROFILES),
        delegation_large,
    ),
    Check("decision.delegation_long", "2", "medium", ("CC 278",), (MeetingCalled, MotionDecided), delegation_long),
)
