"""Bundles, sound and damaged, by a bad disk or by their keeper: see :mod:`tests.check.cases`."""

import base64
import io
import random
import zipfile
from collections.abc import Callable, Sequence
from functools import cache
from hashlib import sha256
from typing import Any

from ledger import canonical
from ledger.audit import Trust
from ledger.audit.manifest import MANIFEST
from ledger.log import merkle
from ledger.log.checkpoint import Checkpoint, cosign
from ledger.log.entry import parse_entry
from ledger.log.note import COSIGNATURE_ED25519, SigningKey
from ledger.log.policy import format_policy
from tests.audit.specimen import (
    Published,
    changed,
    full,
    head_of,
    index_of,
    log_keys,
    policy_of,
    relink,
    remade,
    small,
    small_ledger,
)
from tests.check.cases import Case, Make, cut, doubled_key, flipped, known, some, spaced
from tests.check.harmed_statements import LARGEST, integers, put

Files = dict[str, bytes]
LETTER = "document.entered/1"


def given(made: Published, chance: random.Random, files: Files) -> Case:
    """The case, its manifest as it was or made to fit by a forger."""
    fitting = remade(files) if chance.random() < 0.7 else files
    return Case("bundle", known(made, chance), files=fitting)


def kept(made: Published, chance: random.Random) -> Case:
    """What its keeper gives out; a reader knows the ledger as it was, or trusts what he is given."""
    return Case("bundle", chance.choice([known(made), Trust(), Trust(genesis=made.genesis)]), files=made.files)


def with_entries(made: Published, entries: Sequence[bytes], chance: random.Random) -> Case:
    """Entries given out anew: linked anew or as they are."""
    anew = relink(entries) if chance.random() < 0.5 else tuple(entries)
    return kept(made.publish(entries=anew), chance)


def path_like(made: Published, chance: random.Random, *starts: str) -> str:
    """A file's path that begins so."""
    return chance.choice([path for path in sorted(made.files) if path.startswith(starts)])


def bundle_sound(chance: random.Random) -> Case:
    made = some(chance)
    return Case("bundle", known(made, chance), files=made.files)


def bundle_bare(chance: random.Random) -> Case:
    """A log as a server gives it."""
    made = some(chance)
    files = {p: d for p, d in made.files.items() if p == "checkpoint" or p.startswith("tile/")}
    if chance.random() < 0.5:
        path = chance.choice(sorted(files))
        files[path] = flipped(chance, files[path])
    return Case("log", known(made, chance), files=files)


def bits_of(*starts: str) -> Make:
    """Damage: a bit of a file."""

    def harm(chance: random.Random) -> Case:
        made = some(chance)
        path = path_like(made, chance, *starts)
        return given(made, chance, dict(made.files) | {path: flipped(chance, made.files[path])})

    harm.__name__ = f"bundle_bit_of_{starts[0].strip('/').replace('/', '_').replace('.', '_')}"
    return harm


def bundle_file_cut(chance: random.Random) -> Case:
    made = some(chance)
    path = chance.choice(sorted(made.files))
    return given(made, chance, dict(made.files) | {path: cut(chance, made.files[path])})


def bundle_file_longer(chance: random.Random) -> Case:
    made = some(chance)
    path = chance.choice(sorted(made.files))
    return given(made, chance, dict(made.files) | {path: made.files[path] + chance.choice([b"\n", b" ", b"\0" * 32])})


def bundle_file_gone(chance: random.Random) -> Case:
    made = some(chance)
    files = dict(made.files)
    del files[chance.choice(sorted(files))]
    return given(made, chance, files)


def bundle_file_more(chance: random.Random) -> Case:
    made = some(chance)
    path = chance.choice(
        ["more.html", "tile/0/001", "tile/3/000.p/1", "statements/2099.json", "statements/x.pdf", "tile/x"]
    )
    return given(made, chance, dict(made.files) | {path: b"x"})


def bundle_files_swapped(chance: random.Random) -> Case:
    made = some(chance)
    one, other = chance.sample(sorted(made.files), 2)
    return given(made, chance, dict(made.files) | {one: made.files[other], other: made.files[one]})


def bundle_manifest(chance: random.Random) -> Case:
    made = some(chance)
    value: Any = canonical.decode(made.files[MANIFEST])
    row = chance.choice(value["files"])
    match chance.randrange(9):
        case 0:
            row["size"] += chance.choice([1, -1, LARGEST - row["size"]])
        case 1:
            row["sha256"] = sha256(b"other").hexdigest()
        case 2:
            row["path"] = chance.choice(
                ["../x", "/x", "a//b", "a\\b", "c:x", "x" * 401, "", "\x01", "zz", "\U00010000"]
            )
        case 3:
            value["files"].remove(row)
        case 4:
            value["files"].append(row)
        case 5:
            chance.shuffle(value["files"])
        case 6:
            value |= chance.choice([{"manifest": 2}, {"manifest": True}, {"more": 1}, {"files": {}}])
        case 7:
            row |= chance.choice(
                [{"size": -1}, {"size": True}, {"size": "1"}, {"sha256": "x"}, {"more": 1}, {"path": 1}]
            )
        case _:
            del row[chance.choice(sorted(row))]
    return Case("bundle", known(made, chance), files=dict(made.files) | {MANIFEST: canonical.encode(value)})


def bundle_manifest_written(chance: random.Random) -> Case:
    made = some(chance)
    data = made.files[MANIFEST]
    harmed = chance.choice([spaced(chance, data), doubled_key(data), b"", b"[]", data + b"\n", data[:-1]])
    return Case("bundle", known(made, chance), files=dict(made.files) | {MANIFEST: harmed})


def bundle_entry_gone(chance: random.Random) -> Case:
    made = some(chance)
    entries = list(made.entries)
    del entries[chance.randrange(len(entries))]
    return with_entries(made, entries, chance)


def bundle_entries_moved(chance: random.Random) -> Case:
    made = some(chance)
    entries = list(made.entries)
    one, other = chance.sample(range(len(entries)), 2)
    entries[one], entries[other] = entries[other], entries[one]
    return with_entries(made, entries, chance)


def bundle_entry_twice(chance: random.Random) -> Case:
    made = some(chance)
    entries = list(made.entries)
    entries.insert(chance.randrange(len(entries) + 1), chance.choice(entries))
    return with_entries(made, entries, chance)


def entry_harmed(name: str, harm_entry: Callable[[bytes, Published, random.Random], bytes]) -> Make:
    """Damage by the keeper: one entry is another, tree and head fit."""

    def harm(chance: random.Random) -> Case:
        made = some(chance)
        entries = list(made.entries)
        seq = chance.randrange(len(entries))
        entries[seq] = harm_entry(entries[seq], made, chance)
        return kept(made.publish(entries=tuple(entries)), chance)

    harm.__name__ = f"bundle_entry_{name}"
    return harm


def other_signature(raw: bytes, made: Published, chance: random.Random) -> bytes:
    other: Any = canonical.decode(chance.choice(made.entries))
    return changed(raw, "signatures", other["signatures"])


def harmed_signature(raw: bytes, _made: Published, chance: random.Random) -> bytes:
    value: Any = canonical.decode(raw)
    signature = chance.choice(value["signatures"])
    data = base64.b64decode(signature["sig"])
    match chance.randrange(7):
        case 0 | 1:
            signature["sig"] = base64.b64encode(flipped(chance, data)).decode()
        case 2:
            signature["sig"] = base64.b64encode(data[:-1]).decode()
        case 3:
            signature["alg"] = chance.choice(["p256", "webauthn", "rsa", 1])
        case 4:
            signature["key"] = chance.choice([sha256(b"nobody").hexdigest(), "x", signature["key"].upper()])
        case 5:
            value["signatures"] = chance.choice([[], value["signatures"] * 2, [signature] * 9, {}])
        case _:
            signature |= chance.choice([{"more": 1}, {"batch": {}}, {"batch": {"count": 1, "index": 0, "path": []}}])
    return canonical.encode(value)


def harmed_body(raw: bytes, _made: Published, chance: random.Random) -> bytes:
    value: Any = canonical.decode(raw)
    found = integers(value["record"]["body"])
    if found and chance.random() < 0.7:
        put(
            value["record"]["body"],
            chance.choice(found),
            lambda n: max(-LARGEST, min(LARGEST, n + chance.choice([1, -1]))),
        )
    else:
        value["record"]["body"]["more"] = 1
    return canonical.encode(value)


def harmed_field(raw: bytes, _made: Published, chance: random.Random) -> bytes:
    digests = ["0" * 64, "ab" * 32, "AB" * 32, "", 1]
    times = [
        "2026-01-01T00:00:00.000Z",
        "2099-12-31T23:59:59.999Z",
        "2026-02-30T00:00:00.000Z",
        "2026-01-01T00:00:00Z",
        5,
    ]
    at = ["2026-01-01T08:00:00+08:00", "2026-02-29T00:00:00Z", "0001-01-01T00:00:00Z", "x", "2026-01-01T00:00:00-00:00"]
    choices: list[tuple[str, list[Any]]] = [
        ("prev", digests),
        ("seq", [0, 1, 5, LARGEST, -1, True]),
        ("time", times),
        ("entry", [2, True, "1"]),
        ("record/ledger", digests),
        ("record/at", at),
        ("record/id", ["01900000-0000-7000-8000-000000000001", "x", "01900000-0000-4000-8000-000000000001"]),
        (
            "record/kind",
            ["thing.happened/1", "document.entered/2", "x", "statement.published/1", "ledger.opened/1"],
        ),
        ("record/body", [[], {}, "x"]),
        ("more", [1]),
    ]
    path, values = chance.choice(choices)
    return changed(raw, path, chance.choice(values))


def harmed_writing(raw: bytes, _made: Published, chance: random.Random) -> bytes:
    other = chance.choice(
        [spaced(chance, raw), doubled_key(raw), flipped(chance, raw), raw[:-1], b"", b"{}", raw + b" "]
    )
    return other.replace(b'"seq":1,', b'"seq":1.0,') if chance.random() < 0.2 else other


def harmed_text(raw: bytes, _made: Published, chance: random.Random) -> bytes:
    texts = ["左\u202e右", "a\u200bb", "e\u0301", "x\ty", "明\U000e0001账", "\u0000", "ﬀ"]
    return changed(raw, "record/body/subject", chance.choice(texts))


def batched(made: Published) -> list[int]:
    """The entries that stand in batches."""
    return [seq for seq, raw in enumerate(made.entries) if b'"batch":{' in raw]


def bundle_batch(chance: random.Random) -> Case:
    """A batch that says something else of itself."""
    made = some(chance)
    seq = chance.choice(batched(made))
    value: Any = canonical.decode(made.entries[seq])
    batch = chance.choice(value["signatures"])["batch"]
    match chance.randrange(6):
        case 0:
            batch["index"] = chance.choice([0, 1, batch["count"], -1])
        case 1:
            batch["count"] += chance.choice([1, -1, 512])
        case 2:
            batch["path"] = batch["path"][:-1]
        case 3:
            batch["path"] = [*batch["path"], "0" * 64]
        case 4:
            batch["path"][0] = "ab" * 32
        case _:
            batch |= chance.choice([{"more": 1}, {"path": "x"}, {"path": ["x"]}, {"count": 0}])
    entries = [*made.entries[:seq], canonical.encode(value), *made.entries[seq + 1 :]]
    return with_entries(made, entries, chance)


def bundle_batch_broken(chance: random.Random) -> Case:
    """One record of a batch taken out, or put somewhere else."""
    made = some(chance)
    entries = list(made.entries)
    taken = entries.pop(chance.choice(batched(made)))
    if chance.random() < 0.5:
        entries.insert(chance.randrange(1, len(entries)), taken)
    return with_entries(made, entries, chance)


def bundle_ends_in_batch(chance: random.Random) -> Case:
    made = some(chance)
    ends = [seq for seq in batched(made) if seq + 1 in batched(made)]
    return kept(made.publish(entries=made.entries[: chance.choice(ends) + 1], statements={}), chance)


def bundle_shorter(chance: random.Random) -> Case:
    """An older head, shown to somebody who has seen a newer one or has not."""
    made = some(chance)
    size = chance.randrange(0, len(made.entries))
    older = made.publish(entries=made.entries[:size], statements={} if chance.random() < 0.5 else made.statements)
    return Case("bundle", chance.choice([known(made), Trust(genesis=made.genesis)]), files=older.files)


def bundle_forked(chance: random.Random) -> Case:
    """A head that was seen before, of another history."""
    made = some(chance)
    size = chance.randrange(1, len(made.entries) + 2)
    root = chance.choice([head_of(made.entries[:size]).root, chance.randbytes(32)])
    origin = chance.choice([made.head.origin, made.head.origin, "example.org/elsewhere"])
    return Case("bundle", Trust(heads=(Checkpoint(origin, size, root), made.head)), files=made.files)


def bundle_stranger(chance: random.Random) -> Case:
    """Signed by other keys."""
    made = some(chance)
    return kept(made.publish(keys=log_keys("stranger")), chance)


def bundle_origin(chance: random.Random) -> Case:
    made = some(chance)
    return kept(made.publish(keys=log_keys("log", "example.org/elsewhere")), chance)


def bundle_foreign(chance: random.Random) -> Case:
    made, other = (full(), small()) if chance.random() < 0.5 else (small(), full())
    return Case("bundle", known(other, chance), files=made.files)


def bundle_head_lies(chance: random.Random) -> Case:
    """The log's keys sign what the entries do not give."""
    made = some(chance)
    size = max(0, len(made.entries) + chance.choice([0, 0, 1, -1, 2**40, 2**64 - 1 - len(made.entries)]))
    head = Checkpoint(made.head.origin, size, chance.choice([made.head.root, chance.randbytes(32)]))
    note = made.keys.sign(head, made.timestamp)
    for witness in made.witnesses:
        note += bytes(cosign(witness, head.text(), made.timestamp))
    return given(made, chance, dict(made.files) | {"checkpoint": note})


def bundle_head_early(chance: random.Random) -> Case:
    made = some(chance)
    last = parse_entry(made.entries[-1]).time // 1000
    early = made.publish(timestamp=last - chance.choice([1, 299, 300, 301, 302, 86_400]))
    return kept(early, chance)


def bundle_lines(chance: random.Random) -> Case:
    """Lines of the head doubled, dropped, in another order, by strangers."""
    made = some(chance)
    text, _, rest = made.files["checkpoint"].decode().rpartition("\n\n")
    lines = rest.splitlines()
    match chance.randrange(5):
        case 0:
            lines.append(chance.choice(lines))
        case 1 | 2:
            lines.remove(chance.choice(lines))
        case 3:
            chance.shuffle(lines)
        case _:
            stranger = SigningKey("example.org/stranger", COSIGNATURE_ED25519, b"7" * 32)
            lines.append(bytes(cosign(stranger, made.head.text(), 1_800_000_000)).decode().rstrip("\n"))
    note = (text + "\n\n" + "".join(f"{line}\n" for line in lines)).encode()
    return given(made, chance, dict(made.files) | {"checkpoint": note})


def bundle_head_text(chance: random.Random) -> Case:
    made = some(chance)
    note = made.files["checkpoint"].decode()
    size = str(len(made.entries))
    old, new = chance.choice(
        [
            (f"\n{size}\n", f"\n0{size}\n"),
            (f"\n{size}\n", f"\n+{size}\n"),
            (f"\n{size}\n", "\n18446744073709551616\n"),
            ("\n\n", "\nmore\n\n"),
            ("\n\n", "\n"),
            ("\n", "\r\n"),
            ("— ", "- "),
            ("\n", "\n\n"),
            ("example.org", "\ufeffexample.org"),
            ("— example.org", "— example\u2028org"),
        ]
    )
    return given(made, chance, dict(made.files) | {"checkpoint": note.replace(old, new, 1).encode()})


def bundle_no_witness(chance: random.Random) -> Case:
    made = some(chance)
    alone = made.publish(witnesses=())
    files = dict(alone.files)
    if chance.random() < 0.5:
        files["policy.txt"] = made.files["policy.txt"]
    return Case("bundle", known(made, chance), files=remade(files))


def bundle_vkeys(chance: random.Random) -> Case:
    made = some(chance)
    lines = made.files["vkeys.txt"].decode().splitlines(keepends=True)
    other = "".join(f"{key}\n" for key in log_keys("stranger").vkeys)
    said = chance.choice([lines[0], "".join(lines[::-1]), other, "", "x\n", "".join(lines) + "\n", lines[0].upper()])
    return given(made, chance, dict(made.files) | {"vkeys.txt": said.encode()})


def bundle_policy(chance: random.Random) -> Case:
    made = some(chance)
    text = made.files["policy.txt"].decode()
    witness = next(line for line in text.splitlines() if line.startswith("witness"))
    key = witness.split()[2]
    said = chance.choice(
        [
            text.replace("quorum", "#quorum"),
            text + "quorum none\n",
            text.replace(witness + "\n", ""),
            text.replace("quorum witness", "quorum none"),
            text.replace("quorum witness", "group all_of all witness\nquorum all_of"),
            text.replace("quorum witness", "group some 2 witness\nquorum some"),
            text + "\n\n# a word\n \t\n",
            text.replace("\n", "\r\n"),
            text.rstrip("\n"),
            text + f"witness twice {key}\n",
            text.replace("witness witness", "witness none"),
            text.replace("witness witness", "witness  \t witness"),
            text + "log x\n",
            format_policy(policy_of(log_keys("stranger"), *made.witnesses)).decode(),
            text.replace(witness, f"{witness} https://example.org/w x"),
            text.replace(witness, f"{witness} https://example.org/w"),
            text.replace("witness witness", "witness é"),
        ]
    )
    data = said.encode("latin-1") if chance.random() < 0.5 else said.encode()
    return given(made, chance, dict(made.files) | {"policy.txt": data})


def statement_path(made: Published, chance: random.Random) -> str:
    """The path of a statement."""
    return path_like(made, chance, "statements/")


def bundle_statement_amount(chance: random.Random) -> Case:
    """A number of a statement changed, in its file alone."""
    made = some(chance)
    path = statement_path(made, chance)
    value: Any = canonical.decode(made.files[path])
    put(value, chance.choice(integers(value)), lambda n: max(-LARGEST, min(LARGEST, n + chance.choice([1, -1, 100]))))
    return given(made, chance, dict(made.files) | {path: canonical.encode(value)})


def bundle_statement_signed(chance: random.Random) -> Case:
    """A number of a statement changed, and its digest in the entry: what the keeper can do, but not sign."""
    made = some(chance)
    nth = chance.randrange(len(made.statements))
    code, data = list(made.statements.items())[nth]
    value: Any = canonical.decode(data)
    put(value, chance.choice(integers(value)), lambda n: max(-LARGEST, min(LARGEST, n + chance.choice([1, -1, 100]))))
    data = canonical.encode(value)
    seq = index_of(made, "statement.published/1", nth)
    entries = list(made.entries)
    entries[seq] = changed(entries[seq], "record/body/digest", sha256(data).hexdigest())
    anew = made.publish(entries=relink(entries), statements=dict(made.statements) | {code: data})
    return kept(anew, chance)


def bundle_statement_file(chance: random.Random) -> Case:
    made = some(chance)
    path = statement_path(made, chance)
    data = made.files[path]
    files = dict(made.files)
    match chance.randrange(6):
        case 0:
            del files[path]
        case 1:
            files[path] = spaced(chance, data)
        case 2:
            files[path] = doubled_key(data)
        case 3:
            files[path] = chance.choice([b"", b"{}", b"[]", data + b"\n"])
        case 4:
            files["statements/2030H1.json"] = data
        case _:
            files[path] = chance.choice(
                [d for p, d in (*full().files.items(), *small().files.items()) if "statements" in p]
            )
    return given(made, chance, files)


def bundle_publication(chance: random.Random) -> Case:
    """The record that published a statement says something else."""
    made = some(chance)
    nth = chance.randrange(len(made.statements))
    seq = index_of(made, "statement.published/1", nth)
    choices: list[tuple[str, list[Any]]] = [
        ("period", ["2026H2", "2026H1", "2020", 5, "../x"]),
        ("prefix", [0, 1, 5, seq, seq + 1, LARGEST, "1"]),
        ("count", [0, 1, True]),
        ("root", ["ab" * 32, "", 1]),
        ("digest", ["ab" * 32, 1]),
        ("totals", [[], {}, [{}], [1]]),
    ]
    path, values = chance.choice(choices)
    entries = list(made.entries)
    entries[seq] = changed(entries[seq], f"record/body/{path}", chance.choice(values))
    return with_entries(made, entries, chance)


@cache
def revoked() -> Published:
    """A ledger in which a key is revoked that signed before."""
    ledger = small_ledger()
    ledger.act("key.revoked/1", {"key": ledger.key("treasurer").key, "reason": "lost"}, by=["treasurer"])
    return ledger.published()


def bundle_revoked(chance: random.Random) -> Case:
    """A key that was revoked signs again: an entry of its own from before, put behind."""
    made = revoked()
    old: Any = canonical.decode(made.entries[index_of(made, "bank.imported/1")])
    last: Any = canonical.decode(made.entries[-1])
    entry = last | {"record": old["record"], "signatures": old["signatures"], "seq": len(made.entries)}
    entry["prev"] = merkle.leaf_hash(made.entries[-1]).hex()
    added = made.publish(entries=(*made.entries, canonical.encode(entry)))
    return kept(made if chance.random() < 0.2 else added, chance)


def bundle_unknown_kind(chance: random.Random) -> Case:
    """An entry of a kind that nobody knows, and one behind it by a key that nobody knows."""
    made = some(chance)
    entries = list(made.entries)
    seq = index_of(made, LETTER)
    entries[seq] = changed(entries[seq], "record/kind", "thing.happened/1")
    if chance.random() < 0.5:
        value: Any = canonical.decode(entries[-1])
        value["signatures"][0]["key"] = "0" * 64
        entries[-1] = canonical.encode(value)
    return with_entries(made, entries, chance)


def bundle_genesis(chance: random.Random) -> Case:
    """Entry 0 says something else of its log."""
    made = some(chance)
    vkeys = [str(key) for key in log_keys("stranger").vkeys]
    own = [str(key) for key in made.keys.vkeys]
    choices: list[tuple[str, list[Any]]] = [
        ("vkeys", [vkeys, own[::-1], own[:1], [], "x", [1], own + own, ["x", "y"]]),
        ("origin", ["example.org/elsewhere", 1]),
        ("name", ["另一个小区", 1]),
        ("persons", [[], {}, [1], "x"]),
        ("passkeys", [{"origins": ["x"], "rp_ids": ["x"]}, 1]),
        ("example", [True, 1]),
    ]
    path, values = chance.choice(choices)
    entries = [changed(made.entries[0], f"record/body/{path}", chance.choice(values)), *made.entries[1:]]
    return with_entries(made, entries, chance)


def zipped(files: Files, chance: random.Random) -> bytes:
    """An archive of these files, packed in one way or another."""
    out = io.BytesIO()
    packing = chance.choice([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_DEFLATED])
    with zipfile.ZipFile(out, "w", packing) as archive:
        for path, data in files.items():
            archive.writestr(zipfile.ZipInfo(path), data, packing, chance.randrange(10))
    return out.getvalue()


def zip_sound(chance: random.Random) -> Case:
    made = some(chance)
    return Case("zip", known(made, chance), data=zipped(dict(made.files), chance))


def zip_damaged(chance: random.Random) -> Case:
    """A bit of a file's packed bytes: the check sum tells."""
    made = some(chance)
    data = zipped(dict(made.files), chance)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        member = chance.choice([m for m in archive.infolist() if m.file_size])
    start = member.header_offset + 30 + len(member.filename)
    return Case("zip", known(made, chance), data=flipped(chance, data, start, start + member.compress_size))


def zip_hostile(chance: random.Random) -> Case:
    """Names that lead out, stand twice, or are links."""
    made = small()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for path, data in made.files.items():
            archive.writestr(path, data)
        match chance.randrange(4):
            case 0:
                archive.writestr(chance.choice(["../x", "/x", "a\\b", "a//b", "./x", "c:x"]), b"x")
            case 1:
                archive.writestr("Checkpoint", b"x")
            case 2:
                link = zipfile.ZipInfo("link")
                link.create_system, link.external_attr = 3, 0o120777 << 16
                archive.writestr(link, b"checkpoint")
            case _:
                archive.writestr("folder/", b"")
    return Case("zip", known(made, chance), data=out.getvalue())


BUNDLES: list[Make] = [
    bundle_sound, bundle_bare, bits_of("tile/0", "tile/1"), bits_of("tile/entries"), bits_of("checkpoint"),
    bits_of("statements/"), bits_of("vkeys.txt"), bits_of("policy.txt"), bits_of("manifest.json"),
    bundle_file_cut, bundle_file_longer, bundle_file_gone, bundle_file_more, bundle_files_swapped, bundle_manifest,
    bundle_manifest_written, bundle_entry_gone, bundle_entries_moved, bundle_entry_twice,
    entry_harmed("other_signature", other_signature), entry_harmed("signature", harmed_signature),
    entry_harmed("body", harmed_body), entry_harmed("field", harmed_field), entry_harmed("writing", harmed_writing),
    entry_harmed("text", harmed_text), bundle_batch, bundle_batch_broken, bundle_ends_in_batch, bundle_shorter,
    bundle_forked, bundle_stranger, bundle_origin, bundle_foreign, bundle_head_lies, bundle_head_early, bundle_lines,
    bundle_head_text, bundle_no_witness, bundle_vkeys, bundle_policy, bundle_statement_amount,
    bundle_statement_signed, bundle_statement_file, bundle_publication, bundle_revoked, bundle_unknown_kind,
    bundle_genesis, zip_sound, zip_damaged, zip_hostile,
]  # fmt: skip
