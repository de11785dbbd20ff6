"""Acts from the command line: sealed texts, papers by file, entries by number, keys that prove themselves, further signers."""

import base64
import json
from pathlib import Path

import pytest

from ledger import canonical
from ledger.log.entry import parse_submission, submission_json
from ledger.period import parse_rfc3339
from ledger.rules.profile import shipped_text
from tests.cli.conftest import OFFICERS
from tests.cli.desk import Desk, said
from tests.cli.test_year import BOTH, money, settle
from tests.community import digest_of, key_of, profile_with

RINGS = ("--keys", "keeper.ring", "--keys", "officers.ring", "--keys", "own.ring")


def test_a_name_is_sealed(opened: Desk) -> None:
    seq = opened("people", "enter", "--nature", "natural", "--name", "李四", *BOTH).data["seq"]
    entry = opened("log", "entry", str(seq)).data
    assert len(entry["record"]["body"]["name"]) == 64
    assert "李四" not in json.dumps(entry, ensure_ascii=False)
    with opened.store() as store:
        assert store.opening(entry["record"] and store.entry(seq).record.digest, "name").value == "李四"


def test_a_new_key_proves_itself(opened: Desk) -> None:
    opened.ring("own.ring", "li", "li phone")
    li = opened("people", "enter", "--nature", "natural", "--name", "李四", "--key-label", "li", *BOTH, *RINGS).data[
        "seq"
    ]
    enrol = ("people", "enrol-key", "--person", str(li), "--key-label", "li phone")
    assert opened(*enrol, *BOTH, *RINGS).data["kind"] == "key.enrolled/1"
    assert opened(*enrol, *BOTH, *RINGS, code=5).rule == "key.enrolled_before"
    with opened.store() as store:
        person = store.books.people.person(store.entry(li).record.digest)
    assert person.keys == (key_of("li").key, key_of("li phone").key)


def test_a_key_elsewhere_signs_the_waiting_file(opened: Desk) -> None:
    opened.ring("own.ring", "wang")
    public = opened("keys", "show", "own.ring", "--label", "wang").data
    key = json.dumps({"alg": public["alg"], "public": public["public"]})
    opened("people", "enter", "--nature", "natural", "--name", "王五", "--key", key, *BOTH, "--out", "wang.waiting")
    assert opened("log", "submit", "wang.waiting", code=4).rule == "signers.new_key_silent"
    opened("keys", "sign", "wang.waiting", "--as", "wang", "--keys", "own.ring")
    opened("log", "submit", "wang.waiting")


def test_a_key_is_named_once(opened: Desk) -> None:
    opened.ring("own.ring", "li")
    key = json.dumps({"alg": "ed25519", "public": base64.b64encode(key_of("li").public).decode()})
    both = ("--key", key, "--key-label", "li")
    answer = opened("people", "enter", "--nature", "natural", "--name", "李四", *both, *BOTH, *RINGS, code=3)
    assert answer.rule == "cli.key_twice"


def test_an_office_begins_and_ends(opened: Desk) -> None:
    opened.file("minutes.txt", "会议记录")
    term = ("--person", "0#2", "--role", "vice_chair", "--source", "@minutes.txt")
    opened(
        "people", "appoint", *term, "--body-kind", "committee", "--start", "2026-01-01", "--end", "2026-12-31", *BOTH
    )
    assert len(opened("people", "list", "--role", "vice_chair").data["persons"]) == 1
    opened("people", "end-role", *term, "--on", "2026-01-05", *BOTH)
    opened.advance(days=1)
    assert opened("people", "list", "--role", "vice_chair").data["persons"] == []
    with opened.store() as store:
        assert store.document(digest_of("会议记录")).data.decode() == "会议记录"


def test_a_second_signer_sees_what_he_signs(opened: Desk) -> None:
    enter = ("people", "enter", "--nature", "natural", "--name", "李四", "--as", "chair", "--out", "li.waiting")
    opened(*enter)
    assert opened(*enter, code=5).rule == "cli.file_exists"
    shown = opened("keys", "sign", "li.waiting", "--as", "registrar", as_json=False)
    assert "李四" in shown.err
    assert "person.entered/1" in shown.err


def test_an_opening_that_says_something_else_is_not_signed(opened: Desk) -> None:
    opened("people", "enter", "--nature", "natural", "--name", "李四", "--as", "chair", "--out", "li.waiting")
    value = submission_json(parse_submission(Path("li.waiting").read_bytes().rstrip()))
    value["openings"][0]["value"] = "王五"
    Path("li.waiting").write_bytes(canonical.encode(value) + b"\n")
    before = Path("li.waiting").read_bytes()
    assert opened("keys", "sign", "li.waiting", "--as", "registrar", code=4).rule == "opening.differs"
    assert Path("li.waiting").read_bytes() == before


@pytest.mark.parametrize(
    ("more", "rule", "code"),
    [
        (("--gross", "1.005"), "money.decimals", 3),
        (("--gross", "much"), "money.text", 3),
        (("--category", "no such"), "record.body", 3),
        (("--covers", "a\u202eb"), "text.unprintable", 3),
        (("--document", "@nothing.pdf"), "cli.no_file", 6),
        (("--document", "999"), "entry.unknown", 6),
        (("--body", "deposit.json"), "cli.body_and_options", 3),
        (("--as", "treasurer", "--as", "treasurer"), "cli.label_twice", 4),
        (("--as", "nobody"), "keyring.no_such_key", 6),
        (("--dry-run", "--as", "chair"), "signers.seats", 4),
    ],
)
def test_what_a_deposit_is_refused_for(opened: Desk, more: tuple[str, ...], rule: str, code: int) -> None:
    deposit = (
        "deposit", "record", "--account", "main", "--on", "2026-01-04", "--fund", "common_income", "--category", "rent",
        "--nature", "income", "--gross", "18,000", "--net", "18000.00",
    )  # fmt: skip
    signer = () if "--as" in more else ("--as", "treasurer")
    size = opened.size()
    assert opened(*deposit, *more, *signer, code=code).rule == rule
    assert opened.size() == size


def test_a_deposit_without_anything_lists_what_is_missing(opened: Desk) -> None:
    answer = opened("deposit", "record", "--as", "treasurer", code=3)
    assert answer.rule == "record.body"
    assert {"account: missing", "gross: missing", "net: missing"} <= set(answer.error["context"]["fields"])


def test_a_body_from_a_file(opened: Desk) -> None:
    money(opened)
    opened.file(
        "contract.toml",
        'code = "c1"\ndirection = "out"\nobject = "电梯维保"\nparty = "lift"\nstart = 2026-01-01\n'
        'expected = [{ cycle = "month", amount = "567.00", fund = "service_fee", category = "lift", nature = "expense" }]\n',
    )
    seq = opened("account", "contract", "--body", "contract.toml", "--as", "treasurer").data["seq"]
    assert opened("log", "entry", str(seq)).data["record"]["body"]["expected"][0]["amount"] == 56_700


def test_the_mandate_is_the_profile_s_unless_said(opened: Desk) -> None:
    money(opened)
    with opened.store() as store:
        tiers = store.books.accounts.account("main").mandate
        assert [(t.least, len(t.seats), t.posting) for t in tiers] == [(1, 1, 0), (500_001, 2, 0), (10_000_000, 2, 10)]


def test_rules_are_adopted_as_text(opened: Desk) -> None:
    opened.file("profile.toml", profile_with("notice.regular", '"20d"'))
    opened.file("broken.toml", shipped_text("civil-code-2021").replace("[vote]", "[boat]"))
    adopt = ("community", "adopt-profile", "--source", "@rules.txt", *BOTH)
    assert opened(*adopt, "civil-code-2021", code=4).rule == "profile.unchanged"
    assert opened(*adopt, "@broken.toml", code=3).rule == "profile.invalid"
    assert opened(*adopt, "no-such-profile", code=6).rule == "profile.name"
    opened(*adopt, "@profile.toml")
    notice = opened("community", "show", "--key", "notice.regular").data["settings"]
    assert [setting["value"] for setting in notice] == ["20d"]
    opened("community", "adopt-calendar", "2026", *BOTH)
    assert opened("community", "adopt-calendar", "2001", *BOTH, code=6).rule == "calendar.year"
    bylaws = ("community", "adopt-bylaws", "--document", "@survey.txt", "--source", "@rules.txt", *BOTH)
    assert opened(*bylaws, "--clause", "phone", code=3).rule == "cli.clause"
    opened(*bylaws, "--clause", "non_voters_follow=第三条")
    shown = opened("community", "show").data
    assert shown["calendars"] == [2026]
    assert "non_voters_follow: 第三条" in shown["clauses"]
    assert opened("community", "show", "--key", "nothing.", code=6).rule == "profile.key"
    assert "civil-code-2021" in said("community", "show").out


def test_the_end_of_the_last_terms_is_said_in_time(opened: Desk) -> None:
    """Three months before, as the profile has it (committee.report_months); afterwards nobody could begin another."""
    shown = opened("community", "show").data
    assert (shown["body_until"], shown["registrar_until"]) == ("2030-12-31", "2030-12-31")
    for moment, warned in (("2030-09-30T12:00:00+08:00", 0), ("2030-10-01T12:00:00+08:00", 2)):
        opened.time = parse_rfc3339(moment)
        assert said("community", "show").err.count("2030-12-31") == warned
    opened.time = parse_rfc3339("2031-01-01T12:00:00+08:00")
    ended = opened("community", "show").data
    assert (ended["body_until"], ended["registrar_until"]) == ("", "")
    assert len(said("community", "show").err.splitlines()) == 2


def test_papers_are_kept_beside_the_ledger(opened: Desk) -> None:
    opened.file("quote.txt", "报价")
    kept = opened("account", "keep", "quote.txt").data["papers"]
    assert kept == [{"file": "quote.txt", "digest": digest_of("报价")}]
    with opened.store() as store:
        assert store.document(digest_of("报价")).media == "text/plain"


def test_a_meeting_may_be_withdrawn_and_must_be_named_when_there_are_two(opened: Desk) -> None:
    settle(opened)
    opened.file("motion.txt", "全文")
    text = (
        'title = "意见征询"\nopens = "2026-03-01T09:00:00+08:00"\ncloses = "2026-03-08T18:00:00+08:00"\n'
        '[[motions]]\nmatter = 9\ntitle = "事项"\ntext = "@motion.txt"\n'
    )
    opened.file("meeting.toml", text)
    assert opened("meeting", "show", code=4).rule == "cli.which_meeting"
    first = opened("meeting", "call", "meeting.toml", "--as", "chair").data["seq"]
    opened("meeting", "call", "meeting.toml", "--as", "chair")
    assert opened("meeting", "withdraw", "--reason", "重复", "--as", "chair", code=4).rule == "cli.which_meeting"
    opened("meeting", "withdraw", "--meeting", str(first), "--reason", "重复", "--as", "chair")
    assert opened("meeting", "show").data["founds_authority"] is False
    assert opened("meeting", "turnout", code=6).rule == "meeting.not_open"
    opened.file("clause.toml", "non_voters = true\n" + text)
    assert opened("meeting", "call", "clause.toml", "--as", "chair", code=4).rule == "cli.no_clause"
    opened.file("moment.toml", text.replace('"2026-03-01T09:00:00+08:00"', "2026"))
    assert opened("meeting", "call", "moment.toml", "--as", "chair", code=3).rule == "cli.moment"


@pytest.mark.parametrize(
    ("before", "after", "rule"),
    [
        ('key_label = "chair"', 'key_label = "chair"\nkey = { alg = "ed25519", public = "AAAA" }', "cli.key_twice"),
        ('key_label = "chair"', 'key_label = "nobody"', "keyring.no_such_key"),
        ('area = "400.00"', 'area = "four"', "money.text"),
        ('profile = "civil-code-2021"', 'profile = "mars-2021"', "profile.name"),
        ("@rules.txt", "@nothing.txt", "cli.no_file"),
        ("count = 4", "count = 4.5", "canonical.fraction"),
        ('origin = "example.org/desk"', 'origin = "Not An Origin"', "note.name"),
        ('name = "示例小区"', 'name = "示例小区"\ncolour = "red"', "record.body"),
        ("[[persons]]", "[persons]", "cli.description"),
    ],
)
def test_a_description_that_is_wrong_leaves_nothing_behind(opened: Desk, before: str, after: str, rule: str) -> None:
    opened.file("other.toml", Path("genesis.toml").read_text("utf-8").replace(before, after))
    files = set(opened.folder.iterdir())
    new = ("community", "new", "other.toml", "--keeper", "other.ring", "--out", "other.waiting")
    assert said("--json", *new).rule == rule
    assert set(opened.folder.iterdir()) == files


def test_a_genesis_that_is_refused_leaves_no_database(opened: Desk) -> None:
    Path("genesis.toml").write_text(Path("genesis.toml").read_text("utf-8").replace("示例小区", "另一小区"), "utf-8")
    new = ("community", "new", "genesis.toml", "--keeper", "other.ring", "--out", "other.waiting")
    opened(*new, "--as", "chair")
    assert opened(
        "community", "open", "other.waiting", "--ledger", "other.db", "--keys", "other.ring", code=4
    ).rule == ("signers.new_key_silent")
    assert not Path("other.db").exists()


def test_a_waiting_file_cannot_steer_the_terminal_of_its_signer(opened: Desk) -> None:
    opened(
        "people",
        "enter",
        "--nature",
        "office",
        "--title",
        "办公室\u009b2J\u202e",
        "--as",
        "chair",
        "--out",
        "x.waiting",
    )
    shown = opened("keys", "sign", "x.waiting", "--as", "registrar", as_json=False).err
    assert "\\x9b" in shown
    assert "\\u202e" in shown
    assert "\u009b" not in shown
    assert "\u202e" not in shown


def test_a_head_group_votes_under_any_of_its_units(opened: Desk) -> None:
    opened.ring("own.ring", "li")
    opened.file("owners.csv", "name,key_label\n李四,li\n")
    opened("people", "import", "owners.csv", *BOTH, *RINGS)
    opened.file(
        "units.csv",
        "label,building,use,area,owners,code\n1,b1,flat,100.00,李四,a1\n2,b1,flat,100.00,李四,a2\n"
        "3,b1,flat,100.00,,a3\n4,b1,flat,100.00,,a4\n",
    )
    opened("units", "import", "units.csv", *BOTH)
    opened.file("motion.txt", "全文")
    opened.file(
        "meeting.json",
        json.dumps(
            {
                "title": "会议",
                "opens": "2026-02-01T09:00:00+08:00",
                "closes": "2026-02-08T18:00:00+08:00",
                "phone_vote": True,
                "motions": [{"matter": 9, "title": "事项", "text": "@motion.txt"}],
            }
        ),
    )
    opened("meeting", "call", "meeting.json", "--as", "chair")
    opened("meeting", "post-notice", "--places", "1", "--as", "chair")
    opened.advance(days=20)
    opened("meeting", "freeze-roll", *BOTH)
    opened("meeting", "open", "--as", "chair")
    opened.advance(days=8)
    cast = ("ballot", "cast", "yes", "--unit", "a2", "--as", "li", *RINGS)
    assert opened(*cast, "--dry-run").data == {"done": "cli.would_stand", "kind": "ballot.cast/1"}
    assert opened(*cast, "--receipt", "mine.json").data["unit"] == "a1"
    opened("ballot", "receipt", "a2", "--out", "again.json")
    assert json.loads(Path("again.json").read_text())["entry"] == json.loads(Path("mine.json").read_text())["entry"]
    assert opened(*cast, "--receipt", "mine.json", code=5).rule == "cli.file_exists"
    assert opened("ballot", "cast", "yes", "no", "--unit", "a1", "--as", "li", *RINGS, code=3).rule == "ballot.answers"
    assert opened("ballot", "cast", "perhaps", "--unit", "a1", "--as", "li", *RINGS, code=3).rule == "ballot.answers"
    assert opened("ballot", "receipt", "a3", "--out", "none.json", code=6).rule == "cli.no_ballot"
    assert opened("ballot", "open", "meeting.json", "--as", "li", *RINGS, code=3).rule.startswith("canonical.")
    assert opened("ballot", "open", "mine.json", "--as", "li", *RINGS, code=4).rule == "ballot.opened_early"
    opened.file("other.json", '{"receipt":2}')
    assert opened("ballot", "open", "other.json", "--as", "li", *RINGS, code=3).rule == "cli.receipt"
    assert (opened.folder / "mine.json").stat().st_mode & 0o077 == 0
    turnout = opened("meeting", "show").data["turnout"]
    assert (turnout["ballots"], turnout["area"], turnout["leaves"]) == (1, 20_000, 3)
    opened.advance(days=9)
    opened("meeting", "open-ballots", "--as", "chair", "--out", "openings.waiting")
    opened("keys", "sign", "openings.waiting", "--as", "member")
    assert opened("log", "submit", "openings.waiting", code=4).rule == "signers.superfluous"
    assert opened("meeting", "open-ballots", "--dry-run", "--as", "chair").data["opened"] == 0
    opened("meeting", "open-ballots", "--as", "chair")
    assert opened("meeting", "open-ballots", "--as", "chair", code=4).rule == "cli.nothing_sealed"


def test_a_keeper_of_two_ledgers_writes_each_with_its_own_keys(opened: Desk) -> None:
    opened.file("other.toml", Path("genesis.toml").read_text("utf-8").replace("example.org/desk", "example.org/two"))
    every = [word for label in OFFICERS for word in ("--as", label)]
    opened("community", "new", "other.toml", "--keeper", "two.ring", "--out", "two.waiting", *every)
    two = ("--ledger", "two.db", "--keys", "keeper.ring", "--keys", "two.ring", "--keys", "officers.ring")
    opened("community", "open", "two.waiting", *two)
    opened("people", "enter", "--nature", "office", "--title", "档案室", *BOTH, *two)
    assert opened("log", "show", *two).data["published_size"] == 2
    reuse = ("--keeper", "keeper.ring", "--out", "three.waiting")
    assert opened("community", "new", "other.toml", *reuse, code=4).rule == "cli.keeper_of_other"
    assert opened("log", "show", "--keys", "officers.ring").data["size"] == 1
    assert opened("log", "publish", "--keys", "officers.ring", code=6).rule == "keyring.no_log_keys"
