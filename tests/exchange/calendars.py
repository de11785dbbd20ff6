"""A strict reader of iCalendar (RFC 5545), written from the specification and not from our writer."""

import re
from dataclasses import dataclass, field

NAME = r"[A-Z0-9-]+"
LINE = re.compile(rf'(?P<name>{NAME})(?P<params>(?:;{NAME}=(?:"[^"]*"|[^";:,]*))*):(?P<value>.*)', re.DOTALL)
UTC = re.compile(r"\d{8}T\d{6}Z")
DAY = re.compile(r"\d{8}")
ONCE = {"UID", "DTSTAMP", "SEQUENCE", "DTSTART", "DTEND", "SUMMARY", "DESCRIPTION", "URL", "STATUS", "TRANSP"}


@dataclass
class Read:
    """A component: its properties with their parameters, its components."""

    name: str
    properties: list[tuple[str, str, str]] = field(default_factory=list)
    components: list["Read"] = field(default_factory=list)

    def value(self, name: str) -> str:
        """The one value of a property."""
        (found,) = [value for one, _, value in self.properties if one == name]
        return found

    def text(self, name: str) -> str:
        """The one TEXT value of a property, unescaped."""
        return unescaped(self.value(name))


def unescaped(value: str) -> str:
    """What a TEXT value says. A bare ``;`` or ``,``, a lone backslash or a control is a fault."""
    assert re.fullmatch(r"(?:[^\\;,\x00-\x08\x0a-\x1f\x7f]|\\[\\;,nN])*", value), value
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], value)


def read(data: bytes) -> Read:
    """The calendar of a stream that keeps every rule that we know of."""
    assert data.endswith(b"\r\n")
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert b"\r" not in data.replace(b"\r\n", b"")
    for piece in data.split(b"\r\n"):
        assert len(piece) <= 75, piece
        piece.decode()  # no character is cut
    lines = data.decode().replace("\r\n ", "").split("\r\n")[:-1]
    stack = [Read("")]
    for line in lines:
        found = LINE.fullmatch(line)
        assert found, line
        name, value = found["name"], found["value"]
        if name == "BEGIN":
            stack.append(Read(value))
        elif name == "END":
            done = stack.pop()
            assert done.name == value
            stack[-1].components.append(done)
        else:
            stack[-1].properties.append((name, found["params"], value))
    (root,) = stack
    (calendar,) = root.components
    assert calendar.name == "VCALENDAR"
    assert calendar.value("VERSION") == "2.0"
    assert calendar.value("PRODID")
    for event in calendar.components:
        check_event(event)
    uids = [event.value("UID") for event in calendar.components]
    assert len(set(uids)) == len(uids)
    return calendar


def check_event(event: Read) -> None:
    """An event of section 3.6.1, with a method, in UTC."""
    assert event.name == "VEVENT"
    names = [name for name, _, _ in event.properties]
    assert set(names) <= ONCE
    assert len(names) == len(set(names))
    assert {"UID", "DTSTAMP", "SEQUENCE", "DTSTART", "SUMMARY"} <= set(names)
    assert UTC.fullmatch(event.value("DTSTAMP"))
    assert event.value("SEQUENCE").isdecimal()
    assert event.value("STATUS") in ("CONFIRMED", "CANCELLED")
    said = {name: (params, value) for name, params, value in event.properties}
    for name in ("DTSTART", "DTEND"):
        if name in said:
            params, value = said[name]
            assert (params == ";VALUE=DATE" and DAY.fullmatch(value)) or (params == "" and UTC.fullmatch(value)), value
    if "DTEND" in said:
        assert said["DTEND"][0] == said["DTSTART"][0]
        assert said["DTEND"][1] > said["DTSTART"][1]
    for name in ("SUMMARY", "DESCRIPTION"):
        if name in said:
            unescaped(said[name][1])
    if "URL" in said:
        assert re.fullmatch(r"https?://[!-~]+", said["URL"][1])
