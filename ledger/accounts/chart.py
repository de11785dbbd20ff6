"""The chart of accounts 科目表: data adopted on the ledger as text, read into the two questions that booking asks.

Format (the strict part of TOML of :mod:`ledger.rules.strict`)::

    name = "…"                    # which chart, and its source
    [account.1002]                # every ledger account: titles and the side that increases it
    zh = "银行存款"
    en = "Cash at bank"
    side = "debit"
    [money]                       # where money of an own account stands
    bank = "1002"
    petty = "1001"
    kept = "1012"
    [suspense]                    # what nobody can yet say what it was
    received = "2241"
    spent = "1221"
    [fund]                        # opening balances of each fund
    service_fee = "3001"
    [category.fees]               # what money is: the other leg, and the natures it may have
    zh = "物业费"
    en = "Service fees"
    code = "4001"
    natures = ["income"]

>>> chart = Chart.parse('''
... name = "small"
... money = { bank = "1002", petty = "1002", kept = "1002" }
... suspense = { received = "4001", spent = "4001" }
... fund = { service_fee = "4001" }
... [account]
... 1002 = { zh = "银行存款", en = "Bank", side = "debit" }
... 4001 = { zh = "收入", en = "Income", side = "credit" }
... [category]
... fees = { zh = "物业费", en = "Fees", code = "4001", natures = ["income"] }
... ''')
>>> chart.counter("fees", "income")
'4001'
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from ledger.accounts.records import FundCode, Nature
from ledger.errors import Malformed, Refused
from ledger.rules import strict


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")


class ChartAccount(_Strict):
    """An account of the chart."""

    zh: str
    en: str
    side: Literal["debit", "credit"]


class Category(_Strict):
    """What money may be: titles, its ledger account, its natures."""

    zh: str
    en: str
    code: str
    natures: list[Nature]


class _Money(_Strict):
    bank: str
    petty: str
    kept: str


class _Suspense(_Strict):
    received: str
    spent: str


class _Text(_Strict):
    name: str
    account: dict[str, ChartAccount]
    money: _Money
    suspense: _Suspense
    fund: dict[FundCode, str]
    category: dict[str, Category]


@dataclass(frozen=True)
class Chart:
    """A read chart."""

    data: _Text

    @staticmethod
    def parse(text: str) -> "Chart":
        """Read a chart. Raises ``chart.malformed``, ``chart.unknown_account``."""
        return _parse(text)

    @property
    def name(self) -> str:
        """Which chart this is."""
        return self.data.name

    @property
    def categories(self) -> dict[str, Category]:
        """All categories by code."""
        return self.data.category

    @property
    def accounts(self) -> dict[str, ChartAccount]:
        """All accounts by code."""
        return self.data.account

    def money(self, nature: str) -> str:
        """The account where money of an own account of this nature stands."""
        return {"bank": self.data.money.bank, "petty": self.data.money.petty, "kept": self.data.money.kept}[nature]

    def suspense(self, amount: int) -> str:
        """The account of money that nobody can yet explain."""
        return self.data.suspense.received if amount > 0 else self.data.suspense.spent

    def fund(self, fund: str) -> str:
        """The account in which a fund's opening balance stands. Raises ``chart.no_fund``."""
        found = {str(code): account for code, account in self.data.fund.items()}.get(fund)
        if found is None:
            raise Refused("chart.no_fund", fund, sorted(self.data.fund))
        return found

    def counter(self, category: str, nature: str) -> str:
        """The other leg of money of a category and nature. Raises ``category.unknown``, ``category.nature``."""
        found = self.data.category.get(category)
        if found is None:
            raise Refused("category.unknown", category, sorted(self.data.category))
        if nature not in found.natures:
            raise Refused("category.nature", nature, list(found.natures), category=category)
        return found.code


@lru_cache(maxsize=16)
def _parse(text: str) -> Chart:
    try:
        data = _Text.model_validate(strict.read(text))
    except ValidationError as error:
        raise Malformed(
            "chart.malformed", [f"{'.'.join(map(str, e['loc']))}: {e['type']}" for e in error.errors()], "a chart"
        ) from None
    used = [
        *(c.code for c in data.category.values()),
        *data.fund.values(),
        data.money.bank,
        data.money.petty,
        data.money.kept,
        data.suspense.received,
        data.suspense.spent,
    ]
    unknown = sorted({code for code in used if code not in data.account})
    if unknown:
        raise Malformed("chart.unknown_account", unknown, sorted(data.account))
    return Chart(data)
