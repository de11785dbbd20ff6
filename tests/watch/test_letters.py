"""Letters over real sockets: TLS or nothing, no redirect, nothing inside the house, a signature that the receiver recomputes."""

import datetime
import hashlib
import hmac
import http.server
import ipaddress
import json
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any, ClassVar

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from ledger.watch.letters import Letter
from ledger.watch.mail import Mail
from ledger.watch.webhook import Webhook, signature
from tests.community import refused_as

SECRET = "a secret of sixteen"
LETTER = Letter(
    "key.1",
    "江岸花园：表决开始了",
    "现在可以投票了。\n.\n看这里：https://books.example.org/c/1/\n",
    {"kind": "meeting_open"},
)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for localhost that signs itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - datetime.timedelta(1)).not_valid_after(now + datetime.timedelta(1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


def trusting(certificate: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(certificate))


def serving(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


class Server(socketserver.ThreadingTCPServer):
    """A server on a free port whose handler finds ``taken`` and ``how`` on it."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, handler: type[socketserver.BaseRequestHandler], **how: Any) -> None:
        super().__init__(("127.0.0.1", 0), handler)
        self.how, self.taken = how, list[Any]()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is what some tests mean to provoke."""

    @property
    def port(self) -> int:
        return int(self.server_address[1])


@contextmanager
def running(server: Server) -> Iterator[Server]:
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


# --- mail -------------------------------------------------------------------------------------------------------------


class Smtp(socketserver.StreamRequestHandler):
    """A mail server of forty lines: EHLO, STARTTLS, AUTH, MAIL, RCPT, DATA."""

    server: Server

    def say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())

    def finish(self) -> None:
        """Close what TLS has wrapped, too."""
        self.rfile.close()
        self.wfile.close()
        self.connection.close()

    def handle(self) -> None:
        how, secure, seen = self.server.how, False, dict[str, Any](to=[], commands=[])
        self.server.taken.append(seen)
        self.say("220 here")
        while line := self.rfile.readline().decode().strip():
            word = line.split()[0].upper()
            seen["commands"].append(word)
            if word == "EHLO":
                if how.get("tls") and not secure:
                    self.say("250-here\r\n250 STARTTLS")
                else:
                    self.say("250-here\r\n250 AUTH PLAIN")
            elif word == "STARTTLS":
                self.say("220 go")
                self.connection = how["context"].wrap_socket(self.connection, server_side=True)
                self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", 0)
                secure = True
            elif word == "DATA":
                self.say("354 go")
                data = b""
                while not data.endswith(b"\r\n.\r\n"):
                    data += self.rfile.readline()
                seen["data"], seen["secure"] = data[:-5].replace(b"\r\n..", b"\r\n."), secure
                self.say("250 taken")
            elif word == "QUIT":
                self.say("221 bye")
                return
            else:
                if word == "RCPT":
                    seen["to"].append(line)
                self.say(how.get(word, "235 yes" if word == "AUTH" else "250 yes"))


def mail(server: Server, certificate: Path, **other: Any) -> Mail:
    given: dict[str, Any] = {
        "host": "localhost",
        "port": server.port,
        "sender": "books@example.org",
        "context": trusting(certificate),
    }
    return Mail(recipients=["one@example.org", "two@example.org"], **given | other)


def test_a_letter_goes_by_tls_and_nobody_sees_the_others(certificate: Path) -> None:
    with running(Server(Smtp, tls=True, context=serving(certificate))) as server:
        mail(server, certificate, user="books", password="pass").carry(LETTER)
    (seen,) = server.taken
    assert seen["secure"]
    assert seen["commands"].index("STARTTLS") < seen["commands"].index("AUTH") < seen["commands"].index("DATA")
    assert len(seen["to"]) == 2
    message = message_from_bytes(seen["data"], policy=policy.default)
    assert message["Subject"] == LETTER.subject
    assert message.get_content().replace("\r\n", "\n").rstrip() == LETTER.text.rstrip()
    assert b"one@example.org" not in seen["data"]
    assert message["Auto-Submitted"] == "auto-generated"
    assert hashlib.sha256(LETTER.key.encode()).hexdigest()[:40] in message["Message-ID"]


def test_without_tls_neither_letter_nor_password_leaves(certificate: Path) -> None:
    with running(Server(Smtp)) as server, refused_as("mail.no_tls"):
        mail(server, certificate, user="books", password="pass").carry(LETTER)
    assert {"AUTH", "MAIL", "DATA"} & set(server.taken[0]["commands"]) == set()


def test_a_server_that_this_machine_does_not_trust_gets_nothing(certificate: Path) -> None:
    with running(Server(Smtp, tls=True, context=serving(certificate))) as server, refused_as("mail.unreachable"):
        mail(server, certificate, context=ssl.create_default_context()).carry(LETTER)
    assert "MAIL" not in server.taken[0]["commands"]


@pytest.mark.parametrize(("answer", "word"), [("550 no", "MAIL"), ("535 no", "AUTH")])
def test_a_server_that_refuses(certificate: Path, answer: str, word: str) -> None:
    how = {"tls": True, "context": serving(certificate), word: answer}
    with running(Server(Smtp, **how)) as server, refused_as("mail.refused"):
        mail(server, certificate, user="books", password="pass").carry(LETTER)


def test_a_subject_cannot_bring_headers_of_its_own(certificate: Path) -> None:
    hostile = Letter("k", "x\r\nBcc: evil@example.org\r\n\r\nbody", "text", {})
    with running(Server(Smtp, tls=True, context=serving(certificate))) as server:
        mail(server, certificate).carry(hostile)
    message = message_from_bytes(server.taken[0]["data"], policy=policy.default)
    assert message["Bcc"] is None
    assert message.get_content().strip() == "text"


def test_nobody_at_the_other_end(certificate: Path) -> None:
    with running(Server(Smtp)) as server:
        pass
    with refused_as("mail.unreachable"):
        mail(server, certificate).carry(LETTER)


# --- the webhook ------------------------------------------------------------------------------------------------------


class Hook(http.server.BaseHTTPRequestHandler):
    """Takes what is posted and answers with a status."""

    server: Server
    quiet: ClassVar[bool] = True

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.taken.append((self.path, dict(self.headers), body))
        self.send_response(self.server.how.get("status", 204))
        self.send_header("Location", "https://localhost/elsewhere")
        self.end_headers()

    do_GET = do_POST  # noqa: N815 - likewise

    def log_message(self, *_: Any) -> None:
        """Nothing to standard error."""


@contextmanager
def hooked(certificate: Path, **how: Any) -> Iterator[Server]:
    server = Server(Hook, **how)
    server.socket = serving(certificate).wrap_socket(server.socket, server_side=True)
    with running(server):
        yield server


def hook(server: Server, certificate: Path, **other: Any) -> Webhook:
    given: dict[str, Any] = {
        "url": f"https://localhost:{server.port}/told?by=books", "secret": SECRET, "private": True,
        "context": trusting(certificate), "clock": lambda: 1_772_326_800.9,
    }  # fmt: skip
    return Webhook(**given | other)


def test_a_notice_is_posted_once_with_a_signature_that_can_be_recomputed(certificate: Path) -> None:
    with hooked(certificate) as server:
        hook(server, certificate).carry(LETTER)
    ((path, headers, body),) = server.taken
    assert path == "/told?by=books"
    assert json.loads(body) == {"key": "key.1", "kind": "meeting_open"}
    stamp = headers["Mingzhang-Timestamp"]
    assert stamp == "1772326800"
    own = hmac.new(SECRET.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    assert headers["Mingzhang-Signature"] == f"v1={own}"
    assert SECRET not in str(headers) + body.decode()
    assert signature(SECRET, 1_772_326_801, body) != headers["Mingzhang-Signature"]


@pytest.mark.parametrize("status", [301, 302, 307, 308, 400, 404, 500])
def test_a_redirect_is_not_followed_and_a_refusal_is_one(certificate: Path, status: int) -> None:
    with hooked(certificate, status=status) as server, refused_as("webhook.refused"):
        hook(server, certificate).carry(LETTER)
    assert len(server.taken) == 1


def test_nothing_inside_the_house_unless_it_is_allowed(certificate: Path) -> None:
    with hooked(certificate) as server, refused_as("webhook.private"):
        hook(server, certificate, private=False).carry(LETTER)
    assert server.taken == []


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "::1", "::", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:127.0.0.1", "2002:7f00:0001::1", "2001:db8::1",
    ],
)  # fmt: skip
def test_addresses_that_are_inside(address: str, monkeypatch: pytest.MonkeyPatch, certificate: Path) -> None:
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: [(2, 1, 6, "", (address, 443))])
    asked: list[Any] = []
    monkeypatch.setattr("socket.create_connection", lambda *given, **_: asked.append(given))
    with refused_as("webhook.private"):
        Webhook("https://told.example.org/", SECRET, context=trusting(certificate)).carry(LETTER)
    assert asked == []


def test_one_address_inside_among_others_is_enough_and_the_name_is_asked_once(
    monkeypatch: pytest.MonkeyPatch, certificate: Path
) -> None:
    answers = [("93.184.215.14", 443), ("10.0.0.1", 443)]
    looked: list[str] = []

    def look_up(host: str, *_: Any, **__: Any) -> list[Any]:
        looked.append(host)
        return [(2, 1, 6, "", one) for one in answers]

    monkeypatch.setattr("socket.getaddrinfo", look_up)
    with refused_as("webhook.private"):
        Webhook("https://told.example.org/", SECRET, context=trusting(certificate)).carry(LETTER)
    answers.pop()
    asked: list[Any] = []

    def connect(address: Any, **_: Any) -> Any:
        asked.append(address)
        raise OSError

    monkeypatch.setattr("socket.create_connection", connect)
    with refused_as("webhook.unreachable"):
        Webhook("https://told.example.org/", SECRET, context=trusting(certificate)).carry(LETTER)
    assert asked == [("93.184.215.14", 443)]
    assert len(looked) == 2


def test_a_stranger_s_certificate_ends_it(certificate: Path) -> None:
    with hooked(certificate) as server, refused_as("webhook.unreachable"):
        hook(server, certificate, context=ssl.create_default_context()).carry(LETTER)
    assert server.taken == []


@pytest.mark.parametrize(
    "url",
    ["http://told.example.org/", "ftp://x/", "https://", "https://user:pass@told.example.org/", "https://x/#y", "told"],
)
def test_addresses_that_are_none(url: str) -> None:
    with refused_as("webhook.url"):
        Webhook(url, SECRET)


def test_a_short_secret_is_refused() -> None:
    with refused_as("webhook.secret"):
        Webhook("https://told.example.org/", "short")
