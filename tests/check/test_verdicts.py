"""Both verifiers over a thousand cases: the same findings at the same places, but for those that need the rules."""

import json
import random
from collections import Counter
from functools import cache
from typing import Any

import pytest

from ledger.audit.findings import CODES, NEEDS_MORE
from ledger.rules.profile import Profile
from tests.audit.specimen import small
from tests.check.cases import SEED, Case, Make, known
from tests.check.harmed_bundles import BUNDLES
from tests.check.harmed_receipts import RECEIPTS, held
from tests.check.harmed_statements import STATEMENTS
from tests.check.node import HERE, node

EVERY: list[Make] = [*RECEIPTS, *STATEMENTS, *BUNDLES]
TIMES = 10
"""Each damage so often; the default suite takes the first two of each."""

_parse = cache(Profile.parse)


@pytest.fixture(autouse=True)
def _profile_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Profile, "parse", staticmethod(_parse))


def made(times: range) -> list[Case]:
    """The cases of these rounds: each damage draws its chances from the seed, its name and the round."""
    found = []
    for make in EVERY:
        for turn in times:
            case = make(random.Random(f"{SEED} {make.__name__} {turn}"))
            found.append((make.__name__, case))
    return [Case(c.what, c.trust, c.data, c.receipt, c.files, name) for name, c in found]


def browser(cases: list[Case]) -> dict[str, Any]:
    """What the browser's checker answers, in Node."""
    blobs: dict[str, str] = {}
    asked = [case.wire(blobs) for case in cases]
    run = node(HERE / "verdicts.mjs", given=json.dumps({"blobs": blobs, "cases": asked}))
    assert run.returncode == 0, run.stderr
    answer: dict[str, Any] = json.loads(run.stdout)
    return answer


def ours(case: Case) -> Any:
    """Python's answer, of what both can see."""
    report = case.ask_python()
    if isinstance(report, str):
        return report
    assert not report.codes & {"reader.failed"}, report.findings
    return sorted([f.code, str(f.where)] for f in report.findings if f.code not in NEEDS_MORE)


def compare(cases: list[Case]) -> Counter[str]:
    """Ask both; how often each code was found."""
    counted: Counter[str] = Counter()
    wrong = []
    for case, theirs in zip(cases, browser(cases)["answers"], strict=True):
        own = ours(case)
        said = theirs.get("rule") or sorted(theirs["findings"])
        if own != said:
            both = [f for f in own if f in said] if isinstance(own, list) and isinstance(said, list) else []
            wrong.append((case.damage, [f for f in own if f not in both], [f for f in said if f not in both]))
        elif isinstance(said, list):
            counted.update(code for code, _ in said)
            _check_steps(theirs)
    assert not wrong, f"{len(wrong)} of {len(cases)} differ (damage, Python only, browser only): {wrong[:8]}"
    return counted


def _check_steps(answer: dict[str, Any]) -> None:
    """The steps say what the verdict says."""
    states = {step["state"] for step in answer["steps"]}
    assert (answer["verdict"] == "differs") == ("differs" in states)
    if answer["verdict"] == "agrees":
        assert states == {"agrees"}


def test_both_verifiers_find_the_same() -> None:
    compare(made(range(2)))


@pytest.mark.slow
def test_both_verifiers_find_the_same_in_a_thousand_cases() -> None:
    cases = made(range(TIMES))
    assert len(cases) >= 1000
    assert min(Counter(case.damage for case in cases).values()) >= 10
    compare(cases)


def test_no_step_is_claimed_that_had_nothing_to_look_at() -> None:
    """A receipt says nothing of its record's signatures, nor of openings where it has none; a log without statements nothing of those."""
    plain = next(one for one in map(held, map(random.Random, range(99))) if not one.openings)
    young = small().publish(entries=small().entries[:5], statements={})
    cases = [plain.give(), Case("bundle", known(young), files=young.files)]
    receipt, bundle = ([step["step"] for step in answer["steps"]] for answer in browser(cases)["answers"])
    assert receipt == ["form", "keys", "place"]
    assert bundle == ["files", "tree", "keys", "chain", "signatures"]


def test_the_codes_of_both_are_those_of_the_table() -> None:
    codes = browser([])["codes"]
    assert set(codes) - {"reader.failed"} == set(CODES) - set(NEEDS_MORE)
    assert {code: row["weight"] for code, row in codes.items()} == {code: CODES[code] for code in codes}
