"""The certificate on paper: the figures of the certified body, every way of counting, and what weakens it first."""

from collections.abc import Mapping
from typing import Any

import pytest

from ledger.paper import certificate
from ledger.paper.certificate import CertifiedWith
from tests.community import Community, flats, refused_as
from tests.paper.test_html import HOSTILE, Page
from tests.poll import Poll, motion

Bodies = tuple[Mapping[str, Any], Mapping[str, Any]]


def held(*, phone: bool = True, opened: int = 4, **scope: Any) -> Bodies:
    """The two bodies of a meeting on a budget and a repair, of five units of which four voted."""
    community = Community(flats("a1 a2 a3 a4 b1", area=10_000))
    motions = [motion(9, "2026年度收支预算"), motion(5, "3栋屋顶维修")]
    poll = Poll(community, motions, phone=phone, **scope)
    poll.prepare()
    for unit, letters in (("a1", "yy"), ("a2", "yn"), ("a3", "ya"), ("a4", "ny")):
        poll.cast(unit, letters)
    poll.close()
    poll.unseal(*("a1", "a2", "a3", "a4")[:opened])
    called = next(e for e in community.entries if e.record.digest == poll.called)
    return called.record.body, poll.draft()


@pytest.fixture(scope="module")
def bodies() -> Bodies:
    return held()


def shown(bodies: Bodies, locale: str = "zh_CN", **known: Any) -> certificate.CertificateView:
    return certificate.view(*bodies, CertifiedWith("江岸花园", **known), locale)


def test_the_figures_are_the_certified_ones(bodies: Bodies) -> None:
    first, second = shown(bodies).motions
    assert (first.title, first.verdict, first.passed) == ("2026年度收支预算", "通过", True)
    assert first.answers.rows == (
        ("同意", "300.00", "75.00%", "3", "75.00%"),
        ("不同意", "100.00", "25.00%", "1", "25.00%"),
        ("弃权", "0.00", "0.00%", "0", "0.00%"),
        ("无效", "0.00", "0.00%", "0", "0.00%"),
    )
    assert (second.title, second.passed) == ("3栋屋顶维修", False), "exactly one half is not more than one half"
    assert [row[-1] for row in second.counts.rows] == ["未通过", "通过"], "the other way of counting is only shown"
    assert "≥2/3" in first.counts.rows[0][1]
    assert "120,000 对 100,000" in first.counts.rows[0][1]


def test_it_names_roll_time_and_rules(bodies: Bodies) -> None:
    said = {fact.label: fact.amount for fact in shown(bodies).facts}
    assert said["名册"] == "5个投票单位；面积 500.00 平方米，5人"
    assert said["已投票"] == "面积 400.00 平方米（80.00%），4人（80.00%）"
    assert said["表决范围"] == "全小区"
    assert said["适用规则"] == "civil-code-2021"
    assert said["手机表决的约定"] == "第phone_vote条"


def test_a_binding_and_witnessed_result_has_no_warning(bodies: Bodies) -> None:
    assert shown(bodies).warnings == ()


def test_what_weakens_it_stands_first() -> None:
    assert shown(held(phone=False), witnessed=False).warnings == (
        "意见征询，不能作为用款依据。",
        "未经第三方核验",
    )


def test_ballots_that_nobody_could_open_are_counted_both_ways() -> None:
    view = shown(held(opened=3))
    assert view.warnings[0] == "未能启封的票 1 张；面积 100.00 平方米，1人"
    assert [len(m.counts.rows) for m in view.motions] == [3, 3]
    assert sum(proof.label == "未能启封" for proof in view.proofs) == 1


def test_a_vote_of_some_units_names_them() -> None:
    bodies = held(scope={"level": "units", "units": ["a1", "a2", "a3", "a4"]})
    said = {fact.label: fact.amount for fact in shown(bodies).facts}
    assert said["表决范围"] == "所列的 4 套房屋；a1、a2、a3、a4"


def test_later_facts_may_be_missing(bodies: Bodies) -> None:
    bare = shown(bodies)
    assert "____" in bare.signed
    assert "____" in bare.dated
    full = shown(bodies, signers=("chair", "registrar"), certified_on="2026-04-01", entry=77, called="ab" * 32)
    assert (full.signed, full.dated) == ("主任、登记见证人", "2026年4月1日")
    assert [proof.amount for proof in full.proofs if proof.label == "存证编号"] == ["存证记录 第77号"]


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_it_is_printed_both_ways_and_twice_the_same(bodies: Bodies, locale: str) -> None:
    known = CertifiedWith("江岸花园", example=True)
    page = Page(certificate.render_html(*bodies, known, locale))
    assert "2026年度收支预算" in page.text
    assert "class" in {name for _, name, _ in page.attributes}
    made = certificate.render_pdf(*bodies, known, locale)
    assert made == certificate.render_pdf(*bodies, known, locale)
    assert made.startswith(b"%PDF-")


def test_hostile_titles_stay_text(bodies: Bodies) -> None:
    called, certified = bodies
    attacking = {**called, "title": HOSTILE, "motions": [{**m, "title": HOSTILE} for m in called["motions"]]}
    page = Page(certificate.render_html(attacking, certified, CertifiedWith(HOSTILE)))
    assert "script" not in page.tags
    assert page.text.count(HOSTILE) >= 4
    assert certificate.render_pdf(attacking, certified, CertifiedWith(HOSTILE)).startswith(b"%PDF-")


def test_bodies_of_two_meetings_are_refused(bodies: Bodies) -> None:
    called, certified = bodies
    with refused_as("paper.items"):
        shown(({**called, "motions": called["motions"][:1]}, certified))
