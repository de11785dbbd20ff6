"""An audit that goes on from the auditor's own snapshot says what a whole one says, to the byte, or refuses to go on."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from ledger import books, canonical
from ledger.audit import checks as asked
from ledger.audit import replay, resuming
from ledger.audit.published import path_of
from ledger.audit.reports import INPUTS
from ledger.audit.review import Review, gathered, review
from ledger.audit.trust import Trust
from ledger.errors import MingzhangError
from ledger.log import rows
from ledger.log.act import Body
from ledger.log.entry import parse_entry
from ledger.log.source import DirectorySource
from ledger.paper.findings import NAMED
from tests.accounts.treasury import Treasury, spent
from tests.audit.reports.drawn import published
from tests.audit.reports.test_signed import house, sign
from tests.audit.specimen import InMemory, Published, changed, full, index_of, relink
from tests.cli.desk import said
from tests.community import refused_as

ALSO = (*NAMED, *INPUTS)
LAST = "statement.published/1"

__all__ = ["house"]  # the fixture


def cut(size: int, **changed: Any) -> Published:
    """The full specimen as it was published after so many entries."""
    begun, kept = full().entries[:size], {}
    for record in (parse_entry(raw).record for raw in begun):
        if record.kind == LAST:
            code = str(record.body["period"])
            kept[code] = full().statements[code]
    return full().publish(entries=begun, statements=kept, **changed)


def audited(files: Mapping[str, bytes], **how: Any) -> Review:
    """A review of files in memory."""
    return review(InMemory(files), full().outside if how.pop("outside", False) else Trust(), also=ALSO, **how)


def kept(made: Review, path: Path) -> resuming.Snapshot:
    """The snapshot of a review."""
    return resuming.keep(path / "snapshot", made)


def resumed(path: Path, **how: Any) -> Any:
    """What an audit goes on from."""
    return resuming.resume(path / "snapshot", gathered(ALSO), **how)[0]


def refusal(size: int, path: Path) -> str:
    """The rule that refuses to keep a snapshot there, or to go on from it; empty where a resumed audit says the same."""
    try:
        kept(audited(cut(size).files), path)
        made = audited(full().files, begun=resumed(path), outside=True)
    except MingzhangError as error:
        return error.rule
    whole = audited(full().files, outside=True)
    assert made.raw == whole.raw, size
    assert made.verification.json() == whole.verification.json(), size
    return ""


def test_from_any_entry_on_it_says_what_a_whole_audit_says(tmp_path: Path) -> None:
    whole = len(full().entries)
    rules = {size: refusal(size, tmp_path) for size in range(1, whole + 1)}
    assert set(rules.values()) == {"", "audit.unclean", "audit.drawn_before"}
    assert sum(not rule for rule in rules.values()) > whole * 2 // 3
    # Within a batch a log has no head; a statement that was drawn up before says nothing of the books there.
    inside = {size for size in range(1, whole) if _in_a_batch(size)}
    assert {size for size, rule in rules.items() if rule == "audit.unclean"} == inside
    for publication in (n for n, raw in enumerate(full().entries) if parse_entry(raw).record.kind == LAST):
        prefix = int(parse_entry(full().entries[publication]).record.body["prefix"])
        late = {size for size, rule in rules.items() if rule == "audit.drawn_before" and size <= publication}
        assert set(range(prefix + 1, publication + 1)) - inside <= late | {n for n in late if n <= prefix}


def _in_a_batch(size: int) -> bool:
    places = [signature.batch for signature in parse_entry(full().entries[size - 1]).signatures if signature.batch]
    return bool(places) and places[0].index + 1 < places[0].count


def test_only_new_entries_are_applied_and_their_signatures_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    size, applied = index_of(full(), LAST) + 1, []
    kept(audited(cut(size).files), tmp_path)
    begun, apply = resumed(tmp_path), books.apply

    def counted(state: Any, entry: Any, past: Any) -> Any:
        applied.append(entry.seq)
        return apply(state, entry, past)

    monkeypatch.setattr(replay, "apply", counted)
    audited(full().files, begun=begun)
    assert applied == list(range(size, len(full().entries)))


def test_the_next_snapshot_is_the_one_that_a_whole_audit_leaves(tmp_path: Path) -> None:
    kept(audited(cut(index_of(full(), LAST) + 1).files), tmp_path)
    again = kept(audited(full().files, begun=resumed(tmp_path)), tmp_path)
    (tmp_path / "whole").mkdir()
    assert again == kept(audited(full().files), tmp_path / "whole")


def test_a_ledger_that_rewrote_an_audited_entry_is_refused(tmp_path: Path) -> None:
    """The keeper changes one amount, and publishes everything anew with his own keys."""
    size = index_of(full(), LAST) + 1
    kept(audited(cut(size).files), tmp_path)
    at = index_of(full(), "party.entered/1")
    entries = list(full().entries)
    entries[at] = changed(entries[at], "record/body/title", "别的公司")
    forged = full().publish(entries=relink(entries))
    with refused_as("audit.forked") as refused:
        audited(forged.files, begun=resumed(tmp_path))
    assert refused.value.context["entry"] == at


def test_a_rewritten_entry_behind_the_snapshot_is_found_as_ever(tmp_path: Path) -> None:
    size = index_of(full(), LAST) + 1
    kept(audited(cut(size).files), tmp_path)
    entries = list(full().entries)
    at = index_of(full(), LAST, 1)
    entries[at] = changed(entries[at], "record/body/count", 77)
    made = audited(full().publish(entries=relink(entries)).files, begun=resumed(tmp_path))
    assert made.verification.verdict == "differs"
    assert {"record.signature", "rule.refused"} <= made.verification.codes
    with refused_as("audit.unclean"):
        kept(made, tmp_path)


def test_the_files_beside_a_log_are_checked_where_the_snapshot_knew_only_the_log(tmp_path: Path) -> None:
    kept(audited(cut(index_of(full(), LAST) + 1, witnesses=()).files, bundle=False), tmp_path)
    files = full().publish(witnesses=()).files
    lost = {path: data for path, data in files.items() if not path.startswith("statements/")}
    assert "statement.missing" in audited(lost, begun=resumed(tmp_path)).verification.codes
    made, whole = audited(files, begun=resumed(tmp_path)), audited(files)
    assert (made.raw, made.verification.json()) == (whole.raw, whole.verification.json())


def test_a_changed_file_of_an_audited_statement_is_found(tmp_path: Path) -> None:
    size = index_of(full(), LAST) + 1
    kept(audited(cut(size).files), tmp_path)
    code = str(parse_entry(full().entries[size - 1]).record.body["period"])
    data = full().files[path_of(code)].replace(b'"statement":1', b'"statement":2')
    found = audited(dict(full().files) | {path_of(code): data}, begun=resumed(tmp_path)).verification
    assert {"file.differs", "statement.digest"} <= found.codes


def test_a_shorter_ledger_is_refused(tmp_path: Path) -> None:
    kept(audited(full().files), tmp_path)
    with refused_as("audit.shorter"):
        audited(cut(5).files, begun=resumed(tmp_path))
    broken = {path: data for path, data in full().files.items() if not path.startswith("tile/entries/")}
    with refused_as("audit.shorter"):
        audited(broken, begun=resumed(tmp_path))


def test_reports_signed_after_the_snapshot_are_drawn_up_again(house: Treasury, tmp_path: Path) -> None:
    def audit(**how: Any) -> Review:
        return review(published(house), bundle=False, also=ALSO, **how)

    kept(audit(), tmp_path)
    sign(house)  # of the very entries that the snapshot has
    house.take((house.day, -30_00, [spent(30_00, party="lift")]))
    sign(house, sort="annual")
    sign(house, report="0" * 64, prefix=len(house.entries) - 1)
    made, whole = audit(begun=resumed(tmp_path)), audit()
    assert made.raw == whole.raw
    assert made.verification.json() == whole.verification.json()
    assert made.verification.counts["audits"] == 3
    assert [one.where.entry for one in made.verification.findings if one.code == "audit.differs"] == [
        len(house.entries) - 1
    ]


def test_whatever_is_changed_in_a_snapshot_it_is_refused(tmp_path: Path) -> None:
    kept(audited(cut(index_of(full(), LAST) + 1).files), tmp_path)
    path = tmp_path / "snapshot"
    data = path.read_bytes()
    for at in range(0, len(data), max(1, len(data) // 400)):
        path.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
        with pytest.raises(MingzhangError):
            resumed(tmp_path)
    for end in (0, 1, len(data) // 2, data.rindex(b"\n", 0, -1) + 1):
        path.write_bytes(data[:end])
        with pytest.raises(MingzhangError):
            resumed(tmp_path)
    path.write_bytes(data + b"\n")
    with refused_as("audit.snapshot_damaged"):
        resumed(tmp_path)


def test_a_snapshot_sealed_anew_is_another_than_the_one_that_was_noted(tmp_path: Path) -> None:
    noted = kept(audited(full().files), tmp_path)
    assert len(resumed(tmp_path, digest=noted.digest).leaves) == noted.size
    with refused_as("audit.snapshot_other"):
        resumed(tmp_path, digest="0" * 64)


def test_what_another_program_wrote_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept(audited(full().files), tmp_path)
    with refused_as("audit.snapshot_made") as refused:
        resuming.resume(tmp_path / "snapshot", gathered(NAMED))
    assert refused.value.context["what"] == "inputs"
    monkeypatch.setattr(asked, "VERSION", asked.VERSION + 1)
    with refused_as("audit.snapshot_made") as refused:
        resumed(tmp_path)
    assert refused.value.context["what"] == "checks"
    with refused_as("audit.no_snapshot"):
        resumed(tmp_path / "nowhere")


def test_all_that_is_gathered_can_be_written() -> None:
    """Also what no ledger at hand has an example of: a fact of a type without a row would only be met when it happens."""
    facts = [model for model in gathered(ALSO) if not issubclass(model, Body)]
    assert len(facts) > 10
    assert all(model.__name__ in rows.shape(model) for model in facts)


def test_the_command_keeps_and_goes_on(tmp_path: Path) -> None:
    for name, files in (("before", cut(index_of(full(), LAST) + 1).files), ("after", full().files)):
        for path, data in files.items():
            place = tmp_path / name / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)
    snapshot, whole, out = (str(tmp_path / name) for name in ("snapshot", "whole.json", "resumed.json"))
    first = said("--json", "audit", "run", str(tmp_path / "before"), "--keep", snapshot)
    noted = first.data["kept"]["digest"]
    more = ("--resume", snapshot, "--noted", noted, "--keep", snapshot, "--out", out)
    second = said("--json", "audit", "run", str(tmp_path / "after"), *more)
    assert second.data["resumed"]["digest"] == noted != second.data["kept"]["digest"]
    said("audit", "run", str(tmp_path / "after"), "--out", whole)
    assert Path(whole).read_bytes() == Path(out).read_bytes() == canonical.encode(second.data["review"])
    assert (tmp_path / "snapshot").stat().st_mode & 0o077 == 0
    refused = said("audit", "run", str(tmp_path / "before"), "--resume", snapshot)
    assert (refused.code != 0, "audit.shorter" in refused.err) == (True, True)
    assert DirectorySource(tmp_path / "before").names()


@pytest.mark.parametrize(
    ("extra", "at", "rule"), [(b"!", "snapshot", "audit.unclean"), (b"", "vkeys.txt/x", "audit.write")]
)
def test_the_command_shows_what_it_found_before_it_refuses_to_keep(
    tmp_path: Path, extra: bytes, at: str, rule: str
) -> None:
    for path, data in full().files.items():
        place = tmp_path / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data + extra if path == "vkeys.txt" else data)
    answer = said("--lang", "en", "audit", "run", str(tmp_path), "--keep", str(tmp_path / at))
    assert answer.code not in (0, 1)
    assert "checks asked" in answer.out
    assert ("file.differs" in answer.out) == bool(extra)
    assert rule in answer.err
    assert not (tmp_path / at).exists()
