"""One example command line for every kind of record whose command is made from its body, as its help shows it.

A test reads each with the command's own parser and holds the body against its model. Commands that a person needs more
help with carry their example themselves (:func:`ledger.cli.told.command`). Digests and references are written
as entry numbers, as people write them; a paper would rather be named by ``@FILE``.
"""

from collections.abc import Mapping
from typing import Final

_TWO: Final = "--as chair --as registrar"
_DIGEST: Final = "4f1ac0e29b7d3358a6e0c9d2b1f4758693a2e1d0c7b6a5948372615049f8e7d6"

EXAMPLES: Final[Mapping[str, str]] = {
    "person.entered/1": f"--nature natural --name 张三 --key-label zhang {_TWO}",
    "key.enrolled/1": f"--person 5 --key-label zhang-phone {_TWO}",
    "key.revoked/1": f"--key {_DIGEST} --reason lost --as registrar",
    "role.appointed/1": (
        f"--person 5 --role treasurer --body-kind committee --start 2026-01-01 --end 2030-12-31 --source 7 {_TWO}"
    ),
    "role.ended/1": f"--person 5 --role treasurer --on 2026-06-30 --source 7 {_TWO}",
    "unit.entered/1": (
        "--code u7f3a9 --building b3 --stack s1 --use flat --area 89.50 --counts-area --counts-head --owners 5 "
        f"--label 3栋1单元101 {_TWO}"
    ),
    "unit.changed/1": (
        "--code u7f3a9 --building b3 --stack s1 --use flat --area 89.50 --counts-area --counts-head --owners 6,8 "
        f"--label 3栋1单元101 --source 9 {_TWO}"
    ),
    "units.closed/1": _TWO,
    "account.opened/1": (
        "--code main --nature bank --title 业主共有资金账户 --bank 建设银行江岸支行 --number 尾号8816 --holder committee "
        f"--funds service_fee,common_income {_TWO}"
    ),
    "mandate.changed/1": (
        f"""--account main --mandate '[{{"least": 1, "seats": [["chair", "vice_chair"]]}}]' --source 7 {_TWO}"""
    ),
    "party.entered/1": "--code lift --nature legal --title 江岸电梯服务有限公司 --as treasurer",
    "document.entered/1": (
        "--kind letter --subject 关于电梯维保费的函 --number-printed 函〔2026〕12号 --dated 2026-01-08 "
        "--total-printed 5670.00 --as treasurer"
    ),
    "contract.entered/1": (
        "--code c1 --direction out --object 电梯维保 --party lift --document 12 --start 2026-01-01 --end 2026-12-31 "
        """--expected '[{"cycle": "month", "amount": "5,670.00", "fund": "service_fee", "category": "lift", """
        """"nature": "expense"}]' --as treasurer"""
    ),
    "contra.recorded/1": "--corrects 57 --on 2026-02-03 --reason 重复入账 --as treasurer",
    "deposit.recorded/1": (
        "--account main --on 2026-01-04 --fund common_income --category rent --nature income --gross 18,000.00 "
        "--cost 5,400.00 --cost-evidence 12 --cost-category remuneration --net 12,600.00 --as treasurer"
    ),
    "bank.imported/1": (
        "--account main --file 31 --layout generic --start 2026-01-01 --end 2026-01-31 --opening 10,000.00 "
        "--closing 22,600.00 --count 1 --as treasurer"
    ),
    "bank.row/1": (
        "--file 32 --row 2 --on 2026-01-04 --amount 12,600.00 --balance 22,600.00 --ordinal 0 --narration 场地租金 "
        """--parts '[{"amount": "12,600.00", "settles": "30"}]' --as treasurer"""
    ),
    "suspense.cleared/1": (
        "--row 33 --on 2026-02-01 --evidence 12 "
        """--parts '[{"amount": "500.00", "fund": "common_income", "category": "rent", "nature": "income"}]' """
        "--as treasurer"
    ),
    "cash.paid/1": (
        """--account box --on 2026-01-20 --parts '[{"amount": "-86.00", "settles": "40#0"}]' --as treasurer"""
    ),
    "cash.counted/1": "--account box --on 2026-01-31 --counted 414.00 --as treasurer --as chair",
    "withdrawal.applied/1": (
        "--party lift --fund service_fee --category lift --nature expense --purpose 一月电梯维保 --document 12 "
        """--stages '[{"amount": "5,670.00"}]' --as company"""
    ),
    "withdrawal.proposed/1": (
        """--application 40 --account main --basis '{"motion": "25#0", "line": "lift"}' --as treasurer"""
    ),
    "withdrawal.approved/1": "--proposal 41 --as chair",
    "withdrawal.instructed/1": "--stage 40#0 --on 2026-01-12 --slip 转账支票0032 --as treasurer",
    "withdrawal.dropped/1": "--application 40 --reason 供应商撤回报价 --as treasurer",
    "bank.confirmed/1": f"{_DIGEST} --closing 22,600.00 --as chair",
    "bank.rejected/1": "35 --reason 导错了账户 --as treasurer --yes",
    "statement.published/1": "--as treasurer --as chair",
    "posting.hung/1": "--record 60 --start 2026-07-15 --until 2026-07-30 --places 北门公告栏,南门公告栏 --as treasurer",
    "trust.agreed/1": (
        "--code t2026 --trustee lift --document 12 --start 2026-01-01 --until 2028-12-31 --rate 9/100 --base received "
        f"--categories service_fee,parking --cap 500,000.00 --fund service_fee --category remuneration {_TWO}"
    ),
    "trust.deducted/1": f"--trust t2026 --on 2026-05-08 --amount 2,000.00 --reason 电梯困人超时 --evidence 12 {_TWO}",
    "plan.adopted/1": (
        "--code y2026 --trust t2026 --start 2026-01-01 --until 2026-12-31 --document 12 --lines "
        """'[{"line": "fees", "direction": "in", "fund": "service_fee", "categories": ["service_fee"], """
        f""""amount": "3,564,621.00"}}]' {_TWO}"""
    ),
    "audit.reported/1": (
        f"--sort trust --start 2026-01-01 --until 2026-06-30 --prefix 4013 --report {_DIGEST} --checks 2 --form 1 "
        "--opinion qualified --firm 江岸会计师事务所 --report-number 江会审〔2026〕12号 --as auditor"
    ),
    "finding.answered/1": (
        f"--finding {_DIGEST} --check contract.impossible_day --text 系打印错误，更正件见附件 --evidence 12 --as chair"
    ),
    "check.lowered/1": f"--check signs.round_sums --reason 业主大会同意按整数付物业费 {_TWO}",
    "posting.seen/1": "--record 60 --on 2026-07-18 --where 北门公告栏 --evidence 12 --as li",
    "machine.adopted/1": f"--machine 2 {_TWO}",
    "objection.filed/1": "--about 60 --text 电梯广告费怎么少了一笔 --as li",
    "objection.received/1": "--about 60 --text 请说明水费 --owner 5 --slip 2026-001 --as registrar",
    "objection.answered/1": "--objection 61 --text 该笔已于三月入账，见附件 --evidence 12 --as chair",
    "objection.concluded/1": "--objection 61 --outcome satisfied --as li",
    "correction.noticed/1": "--statement 60 --line 4 --was 5,670.00元 --now 5,760.00元 --reason 金额录入有误 --as treasurer",
}
