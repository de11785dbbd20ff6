"""The kinds of the votes room, with who must sign them and what decides them.

Where a role of the body signs alone the decision itself looks (:func:`ledger.votes.meetings.check_signed_by_body`), since
the registrar stands in when no role is in term. A ballot is signed by one owner, its opening by anyone in office or by
that owner: any enrolled key may sign, and the decision judges whose it is.
"""

from typing import Final

from ledger.log.act import Kind, Signing, seat
from ledger.people.state import BODY_ROLES, REGISTRAR
from ledger.votes import ballots, certificate, meetings, records

TWO_PARTY: Final = Signing(two_party=True)
BY_DECISION: Final = Signing(free=True)
POSTER: Final = Signing(seats=(seat(*BODY_ROLES, REGISTRAR, "supervisor"),))

KINDS: Final[dict[str, Kind]] = {
    "meeting.called/1": Kind("votes", records.MeetingCalled, BY_DECISION, meetings.call, limit=65_535),
    "notice.posted/1": Kind("votes", records.NoticePosted, POSTER, meetings.post),
    "roll.frozen/1": Kind("votes", records.RollFrozen, TWO_PARTY, meetings.freeze),
    "meeting.opened/1": Kind("votes", records.MeetingOpened, BY_DECISION, meetings.open_meeting),
    "meeting.withdrawn/1": Kind("votes", records.MeetingWithdrawn, BY_DECISION, meetings.withdraw),
    "ballot.cast/1": Kind("votes", records.BallotCast, BY_DECISION, ballots.cast),
    "ballot.opened/1": Kind("votes", records.BallotOpened, BY_DECISION, ballots.unseal),
    "meeting.certified/1": Kind("votes", records.MeetingCertified, BY_DECISION, certificate.certify, limit=65_535),
}
