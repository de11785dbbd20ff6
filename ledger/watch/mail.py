"""Letters by SMTP (RFC 5321), over TLS or not at all.

The server must offer STARTTLS (RFC 3207) with a certificate that this machine trusts: otherwise nothing is sent, neither
letter nor password. Recipients stand in the envelope only, so none of them sees the others. ``Message-ID`` follows from
the letter's key: a letter that comes twice is one to every mail program.
"""

import hashlib
import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Final

from ledger.errors import Refused, Unavailable
from ledger.watch.letters import Letter

SECONDS: Final = 15.0
"""For each step of the conversation."""


@dataclass(frozen=True)
class Mail:
    """A server that takes letters for ``recipients``; ``context``: whose certificates are trusted."""

    host: str
    port: int
    sender: str
    recipients: Sequence[str]
    user: str = ""
    password: str = field(default="", repr=False)
    context: ssl.SSLContext = field(default_factory=ssl.create_default_context, repr=False)
    name: str = "mail"

    def carry(self, letter: Letter) -> None:
        """Send a letter. Raises Refused ``mail.no_tls``, ``mail.refused``; Unavailable ``mail.unreachable``."""
        try:
            with smtplib.SMTP(self.host, self.port, local_hostname="localhost", timeout=SECONDS) as server:
                server.ehlo()
                if not server.has_extn("starttls"):
                    raise Refused("mail.no_tls", self.host, "a server with STARTTLS")
                server.starttls(context=self.context)
                server.ehlo()
                if self.user:
                    server.login(self.user, self.password)
                server.send_message(self._message(letter), self.sender, list(self.recipients))
        except smtplib.SMTPResponseException as error:
            raise Refused("mail.refused", error.smtp_code, "a server that takes the letter") from error
        except (smtplib.SMTPException, OSError, ValueError) as error:
            raise Unavailable("mail.unreachable", type(error).__name__, f"{self.host}:{self.port}") from error

    def _message(self, letter: Letter) -> EmailMessage:
        message = EmailMessage()
        message["From"] = self.sender
        message["To"] = "undisclosed-recipients:;"
        message["Subject"] = " ".join(letter.subject.split())
        domain = self.sender.rpartition("@")[2] or "localhost"
        message["Message-ID"] = f"<{hashlib.sha256(letter.key.encode()).hexdigest()[:40]}@{domain}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(letter.text)
        return message
