"""An example of every kind of act, in the form that ``…/acts/prepare`` takes: a body, and the texts to seal in it by their paths.

Digests, codes and accounts are made up: each shows the form that its kind has, and on a ledger of its own would be refused for
what it names. A test prepares every one, so that none grows old beside its model.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from api.describing import DIGEST

_ITEM: Final = f"{DIGEST}#0"
_KEY: Final = "JcoxQ7LqZugNrH7Pz39Liw5DoTFl2kqO9yCEvkAMbhY="
_AREAS: Final = {"area": 4773435, "heads": 500}
_HALF: Final = {"ratio": ">1/2", "area": [8145152, 4773435], "heads": [830, 500], "met": True}
_THIRDS: Final = {"ratio": ">=2/3", "area": [14320305, 12118738], "heads": [1500, 1284], "met": True}
_COUNTED: Final = {
    "participation": _THIRDS,
    "consent": _HALF,
    "participating": _AREAS,
    "agreeing": {"area": 4072576, "heads": 415},
    "passed": True,
}
_UNIT: Final = {
    "code": "u7f3a9",
    "building": "b3",
    "stack": "s1",
    "use": "flat",
    "area": 8950,
    "counts_area": True,
    "counts_head": True,
    "owners": [_ITEM],
}
_MANDATE: Final = [
    {"least": 1, "seats": [["chair", "vice_chair"]]},
    {"least": 500_001, "seats": [["chair", "vice_chair"], ["member"]]},
]
_SCOPE: Final = {"level": "community"}


@dataclass(frozen=True, slots=True)
class Example:
    """A body without what is sealed in it, and the texts to seal by their paths."""

    body: Mapping[str, Any]
    private: Mapping[str, Any] = field(default_factory=dict)


EXAMPLES: Final[Mapping[str, Example]] = {
    "ledger.opened/1": Example(
        {
            "origin": "example.org/jiangan",
            "name": "江岸花园",
            "vkeys": ["example.org/jiangan+…", "example.org/jiangan+…"],
            "machine": 1,
            "offset": "+08:00",
            "profile": "（一份规则参数的全文）",
            "persons": [{"nature": "office", "title": "江岸街道办事处", "key": {"alg": "ed25519", "public": _KEY}}],
            "units": {"count": 882, "area": 6059369, "source": DIGEST},
        }
    ),
    "person.entered/1": Example({"nature": "natural"}, {"name": "张三"}),
    "key.enrolled/1": Example({"person": _ITEM, "key": {"alg": "ed25519", "public": _KEY}}),
    "key.revoked/1": Example({"key": DIGEST, "reason": "lost"}),
    "role.appointed/1": Example(
        {
            "person": _ITEM,
            "role": "treasurer",
            "body": "committee",
            "start": "2026-01-01",
            "end": "2030-12-31",
            "source": DIGEST,
        }
    ),
    "role.ended/1": Example({"person": _ITEM, "role": "treasurer", "on": "2026-06-30", "source": DIGEST}),
    "unit.entered/1": Example(_UNIT, {"label": "3栋1单元101"}),
    "units.closed/1": Example({"count": 882, "area": 6059369, "root": DIGEST}),
    "unit.changed/1": Example({**_UNIT, "source": DIGEST}, {"label": "3栋1单元101"}),
    "profile.adopted/1": Example({"text": "（一份规则参数的全文）", "source": DIGEST}),
    "calendar.adopted/1": Example({"year": 2026, "text": "（一年放假安排的全文）"}),
    "bylaws.adopted/1": Example(
        {"document": DIGEST, "source": DIGEST, "clauses": [{"name": "phone_vote", "place": "第十二条"}]}
    ),
    "account.opened/1": Example(
        {
            "code": "main",
            "nature": "bank",
            "title": "业主共有资金账户",
            "bank": "建设银行江岸支行",
            "number": "尾号8816",
            "holder": "committee",
            "funds": ["service_fee", "common_income"],
            "mandate": _MANDATE,
        }
    ),
    "mandate.changed/1": Example({"account": "main", "mandate": _MANDATE, "source": DIGEST}),
    "chart.adopted/1": Example({"text": "（一份科目表的全文）"}),
    "books.opened/1": Example(
        {
            "on": "2026-01-01",
            "handed_over_by": "前物业服务企业",
            "parts": [{"account": "main", "fund": "service_fee", "amount": 8642015, "source": DIGEST, "proven": False}],
        }
    ),
    "party.entered/1": Example({"code": "lift", "nature": "legal", "title": "江岸电梯服务有限公司"}),
    "document.entered/1": Example(
        {
            "kind": "letter",
            "subject": "关于电梯维保费的函",
            "number_printed": "函〔2026〕12号",
            "dated": "2026-01-08",
            "total_printed": 567000,
        }
    ),
    "contract.entered/1": Example(
        {
            "code": "c1",
            "direction": "out",
            "object": "电梯维保",
            "party": "lift",
            "document": DIGEST,
            "start": "2026-01-01",
            "end": "2026-12-31",
            "expected": [
                {
                    "cycle": "month",
                    "amount": 567000,
                    "fund": "service_fee",
                    "category": "lift",
                    "nature": "expense",
                }
            ],
        }
    ),
    "deposit.recorded/1": Example(
        {
            "account": "main",
            "on": "2026-01-04",
            "fund": "common_income",
            "category": "rent",
            "nature": "income",
            "gross": 1_800_000,
            "cost": 540_000,
            "cost_evidence": DIGEST,
            "cost_category": "remuneration",
            "net": 1_260_000,
        }
    ),
    "bank.imported/1": Example(
        {
            "account": "main",
            "file": DIGEST,
            "layout": "generic",
            "start": "2026-01-01",
            "end": "2026-01-31",
            "opening": 1_000_000,
            "closing": 2_260_000,
            "count": 1,
        }
    ),
    "bank.row/1": Example(
        {
            "file": DIGEST,
            "row": 2,
            "on": "2026-01-04",
            "amount": 1_260_000,
            "balance": 2_260_000,
            "ordinal": 0,
            "parts": [{"amount": 1_260_000, "settles": DIGEST}],
        },
        {"narration": "场地租金"},
    ),
    "bank.confirmed/1": Example({"file": DIGEST, "count": 1, "root": DIGEST, "closing": 2_260_000}),
    "bank.rejected/1": Example({"file": DIGEST, "reason": "导错了账户"}),
    "suspense.cleared/1": Example(
        {
            "row": DIGEST,
            "on": "2026-02-01",
            "evidence": DIGEST,
            "parts": [{"amount": 50_000, "fund": "common_income", "category": "rent", "nature": "income"}],
        }
    ),
    "cash.paid/1": Example(
        {"account": "box", "on": "2026-01-20", "parts": [{"amount": -8_600, "settles": _ITEM}]},
    ),
    "cash.counted/1": Example({"account": "box", "on": "2026-01-31", "counted": 41_400}),
    "withdrawal.applied/1": Example(
        {
            "party": "lift",
            "fund": "service_fee",
            "category": "lift",
            "nature": "expense",
            "purpose": "一月电梯维保",
            "document": DIGEST,
            "stages": [{"amount": 567_000}],
        }
    ),
    "withdrawal.proposed/1": Example(
        {"application": DIGEST, "account": "main", "basis": {"motion": _ITEM, "line": "lift"}}
    ),
    "withdrawal.approved/1": Example({"proposal": DIGEST}),
    "withdrawal.instructed/1": Example({"stage": _ITEM, "on": "2026-01-12", "slip": "转账支票0032"}),
    "withdrawal.dropped/1": Example({"application": DIGEST, "reason": "供应商撤回报价"}),
    "contra.recorded/1": Example({"corrects": DIGEST, "on": "2026-02-03", "reason": "重复入账"}),
    "meeting.called/1": Example(
        {
            "title": "2026年第一次业主大会会议",
            "session": "regular",
            "scope": _SCOPE,
            "opens": "2026-04-24T00:00:00.000Z",
            "closes": "2026-05-03T12:00:00.000Z",
            "ways": ["phone", "paper"],
            "phone_vote": {"document": DIGEST, "place": "第十二条"},
            "motions": [
                {
                    "matter": 9,
                    "title": "结清电梯维保费",
                    "text": DIGEST,
                    "effect": {
                        "type": "payment",
                        "fund": "service_fee",
                        "party": "lift",
                        "purpose": "电梯维保费",
                        "cap": 754_800,
                        "start": "2026-05-05",
                        "until": "2026-06-30",
                    },
                }
            ],
        }
    ),
    "notice.posted/1": Example({"meeting": DIGEST, "on": "2026-04-08", "places": 8}),
    "roll.frozen/1": Example(
        {"meeting": DIGEST, "units": 734, "leaves": 642, "heads": 642, "area": 6059369, "root": DIGEST}
    ),
    "meeting.opened/1": Example(
        {
            "meeting": DIGEST,
            "notice": DIGEST,
            "roll": DIGEST,
            "root": DIGEST,
            "profile": DIGEST,
            "motions": DIGEST,
            "opens": "2026-04-24T00:00:00.000Z",
            "closes": "2026-05-03T12:00:00.000Z",
        }
    ),
    "meeting.withdrawn/1": Example({"meeting": DIGEST, "reason": "附件有误，更正后重新公告"}),
    "ballot.cast/1": Example({"meeting": DIGEST, "unit": "u7f3a9", "revision": 1}, {"choices": ["yes"]}),
    "ballot.opened/1": Example({"ballot": DIGEST, "salt": _KEY, "choices": ["yes"]}),
    "meeting.certified/1": Example(
        {
            "meeting": DIGEST,
            "scope": _SCOPE,
            "roll": {
                "record": DIGEST,
                "root": DIGEST,
                "cut_off": "2026-04-09T08:00:00.000Z",
                "merge": "same_owner_set",
                "leaves": 642,
                "total": {"area": 6059369, "heads": 642},
            },
            "profile": {"name": "wuhan", "digest": DIGEST},
            "non_voters": "exclude",
            "cast": _AREAS,
            "opened": {"count": 500, "root": DIGEST},
            "items": [
                {
                    "motion": _ITEM,
                    "matter": 9,
                    "majority": "ordinary",
                    "yes": {"area": 4072576, "heads": 415},
                    "no": {"area": 428053, "heads": 55},
                    "abstain": {"area": 272806, "heads": 30},
                    "void": {"area": 0, "heads": 0},
                    "counted": _COUNTED,
                    "if_followed": _COUNTED,
                    "passed": True,
                }
            ],
            "founds_authority": True,
        }
    ),
    "statement.published/1": Example(
        {
            "period": "2026H1",
            "prefix": 2691,
            "digest": DIGEST,
            "totals": [
                {
                    "account": "main",
                    "fund": "service_fee",
                    "opening": 8_642_015,
                    "received": 6_164_805,
                    "spent": 623_910,
                    "closing": 14_182_910,
                }
            ],
            "count": 18,
            "root": DIGEST,
        }
    ),
    "posting.hung/1": Example(
        {"record": DIGEST, "start": "2026-07-15", "until": "2026-07-30", "places": ["北门公告栏", "南门公告栏"]}
    ),
    "correction.noticed/1": Example(
        {"statement": DIGEST, "line": 4, "was": "5,670.00元", "now": "5,760.00元", "reason": "金额录入有误"}
    ),
    "trust.agreed/1": Example(
        {
            "code": "t2026",
            "trustee": "manager",
            "document": DIGEST,
            "start": "2026-01-01",
            "until": "2028-12-31",
            "rate": "9/100",
            "base": "received",
            "categories": ["service_fee", "parking"],
            "cap": 50_000_000,
            "fund": "service_fee",
            "category": "remuneration",
        }
    ),
    "trust.deducted/1": Example(
        {"trust": "t2026", "on": "2026-05-08", "amount": 200_000, "reason": "电梯困人超时", "evidence": DIGEST}
    ),
    "plan.adopted/1": Example(
        {
            "code": "y2026",
            "trust": "t2026",
            "start": "2026-01-01",
            "until": "2026-12-31",
            "document": DIGEST,
            "lines": [
                {
                    "line": "fees",
                    "direction": "in",
                    "fund": "service_fee",
                    "categories": ["service_fee"],
                    "amount": 356_462_100,
                }
            ],
        }
    ),
    "audit.reported/1": Example(
        {
            "sort": "trust",
            "start": "2026-01-01",
            "until": "2026-06-30",
            "prefix": 4013,
            "report": DIGEST,
            "checks": 1,
            "form": 1,
            "opinion": "qualified",
            "firm": "江岸会计师事务所",
            "report_number": "江会审〔2026〕12号",
        }
    ),
    "finding.answered/1": Example(
        {"finding": DIGEST, "check": "contract.impossible_day", "evidence": [DIGEST]},
        {"text": "系打印错误，更正件见附件"},
    ),
    "check.lowered/1": Example({"check": "signs.round_sums", "reason": "业主大会同意按整数付物业费"}),
    "posting.seen/1": Example({"record": DIGEST, "on": "2026-07-18", "evidence": DIGEST}, {"where": "北门公告栏"}),
    "machine.adopted/1": Example({"machine": 2, "source": DIGEST}),
    "objection.filed/1": Example({"about": DIGEST}, {"text": "电梯广告费怎么少了一笔？"}),
    "objection.received/1": Example({"about": DIGEST, "owner": _ITEM, "slip": "2026-001"}, {"text": "请说明水费"}),
    "objection.answered/1": Example({"objection": DIGEST, "evidence": [DIGEST]}, {"text": "三月已入账，见附件"}),
    "objection.concluded/1": Example({"objection": DIGEST, "outcome": "satisfied"}),
}
"""By kind."""
