"""The kinds of the votes room, with who must sign them and what decides them.

Where no role of the body is in term the registrar stands in, for an election and nothing else
(:func:`ledger.votes.meetings.check_matters`). A ballot is signed by one owner, its opening by anyone in office or by
that owner: any one key may sign, and the decision judges whose it is.
"""

from typing import Final

from ledger.log.act import Free, Kind, Signing, seat
from ledger.people.state import BODY_ROLES, REGISTRAR
from ledger.votes import ballots, certificate, meetings, records

TWO_PARTY: Final = Signing(two_party=True)
ANYBODY: Final = Signing(free=Free.ONE)
BODY: Final = Signing(seats=(BODY_ROLES,), stand_in=True)
IN_OFFICE: Final = Signing(free=Free.IN_OFFICE)
"""Every figure of a certificate is the machine's own, and a body must not be able to keep back its own dismissal."""
POSTER: Final = Signing(seats=(seat(*BODY_ROLES, REGISTRAR, "supervisor"),))

KINDS: Final[dict[str, Kind]] = {
    "meeting.called/1": Kind("votes", records.MeetingCalled, BODY, meetings.call, limit=65_535),
    "notice.posted/1": Kind("votes", records.NoticePosted, POSTER, meetings.post),
    "roll.frozen/1": Kind("votes", records.RollFrozen, TWO_PARTY, meetings.freeze),
    "meeting.opened/1": Kind("votes", records.MeetingOpened, BODY, meetings.open_meeting),
    "meeting.withdrawn/1": Kind("votes", records.MeetingWithdrawn, BODY, meetings.withdraw),
    "ballot.cast/1": Kind("votes", records.BallotCast, ANYBODY, ballots.cast),
    "ballot.opened/1": Kind("votes", records.BallotOpened, ANYBODY, ballots.unseal),
    "meeting.certified/1": Kind("votes", records.MeetingCertified, IN_OFFICE, certificate.certify, limit=65_535),
}
