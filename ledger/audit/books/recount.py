"""表决资料: every certified meeting counted again from the ballots that were opened, without the machine's own certificate.

Leaves and weights come from the frozen roll, answers from the opened ballots; sums and both thresholds are computed here and laid
beside the figures that were certified. What a certificate leans on besides (notice, profile, unopened ballots) the checks ask.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ledger.audit.checks import Acted, Dossier
from ledger.rules.ratio import Ratio
from ledger.votes import facts, tally
from ledger.votes.records import Item, MeetingCertified
from ledger.votes.tally import NOBODY, Count, Weight


@dataclass(frozen=True, slots=True)
class Recounted:
    """One motion: as certified, and as counted again. ``met``: participation, consent; each certified and counted again."""

    meeting: str
    session: str
    certificate: Acted[MeetingCertified]
    title: str
    item: Item
    count: Count
    met: tuple[tuple[bool, bool], tuple[bool, bool]]

    @property
    def answers(self) -> Mapping[str, tuple[Weight, Weight]]:
        """Each answer: certified, counted again."""
        names = ("yes", "no", "abstain", "void")
        said = {name: getattr(self.item, name) for name in names}
        return {name: (Weight(said[name].area, said[name].heads), getattr(self.count, name)) for name in names}

    @property
    def agrees(self) -> bool:
        """Whether every figure is the certified one."""
        return all(one == other for one, other in self.answers.values()) and all(
            one == other for one, other in self.met
        )


def recounts(case: Dossier) -> Iterator[Recounted]:
    """All motions of all certified meetings."""
    called = {noted.fact.meeting: noted.fact for noted in case.facts(facts.MeetingCalled)}
    measured = {noted.fact.opened: case.profile_at(noted.seq) for noted in case.facts(facts.MeetingOpened)}
    rolls = {noted.fact.roll: noted.fact for noted in case.facts(facts.RollFrozen)}
    opened: defaultdict[str, dict[str, Sequence[str]]] = defaultdict(dict)
    for ballot in case.facts(facts.BallotOpened):
        opened[ballot.fact.opened][ballot.fact.unit] = ballot.fact.choices
    for act in case.acts(MeetingCertified):
        roll = rolls[act.body.roll.record]
        meeting = called[roll.meeting]
        weights = {leaf.unit: Weight(leaf.area, leaf.head) for leaf in roll.leaves}
        cast = ((weights[unit], choices) for unit, choices in opened[act.body.meeting].items())
        counts = tally.count(cast, len(act.body.items))
        total = sum(weights.values(), NOBODY)
        rules = measured[act.body.meeting]
        base, void = rules.choice("vote.base"), rules.flag("vote.void_participates")
        for motion, item, counted in zip(meeting.motions, act.body.items, counts, strict=True):
            taking = counted.participating(void=void)
            ratios = Ratio.parse(item.counted.participation.ratio), Ratio.parse(item.counted.consent.ratio)
            result = tally.judge(total, taking, counted.yes, participation=ratios[0], consent=ratios[1], base=base)
            met = (
                (item.counted.participation.met, result.participation.met),
                (item.counted.consent.met, result.consent.met),
            )
            yield Recounted(meeting.title, meeting.session, act, motion.title, item, counted, met)
