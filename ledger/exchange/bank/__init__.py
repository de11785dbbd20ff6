"""A treasurer's bank file, read into rows that the file's own running balance proves.

>>> text = '''账户交易明细
... 账号：,4420****8816,币种：,人民币,期初余额：,"86,420.15"
... 序号,交易日期,摘要,对方户名,对方账号,借方发生额,贷方发生额,余额
... 1,20181218,广告费,檐云广告有限公司,4000****1039,,"4,000.00","90,420.15"
... 2,20181219,报销,江岸花园服务中心,4000****6607,"2,700.00",-,"87,720.15"
... 合计,,2笔,,,"2,700.00","4,000.00","87,720.15"
... '''
>>> file = read_bank_file(text.encode("gb18030"), "2018-12.csv")
>>> file.layout, file.encoding, file.account, file.opening, file.closing, file.proof
('debit-credit', 'gb18030', '4420****8816', 8642015, 8772015, 'chain')
>>> [(row.row, row.on.isoformat(), row.amount, row.balance, row.counterparty) for row in file.rows]
[(4, '2018-12-18', 400000, 9042015, '檐云广告有限公司'), (5, '2018-12-19', -270000, 8772015, '江岸花园服务中心')]

The next file joins where this one ended, or is refused with the row:

>>> join(8772015, file.last, file, known=lambda row: True).fresh
()
>>> join(8642015, None, file, known=lambda row: False).closing
8772015

What is guaranteed of a :class:`BankFile`: its rows stand in the order in which they happened; each balance is the one
before plus the row's amount; printed totals, counts, opening and closing balances agree; the money is renminbi and all
of one account. What is not: that the bank wrote the file, that nothing was cut off its end, and, where
:attr:`BankFile.proof` is ``claimed``, that in and out are what the columns say. Those are the second person's to
confirm.

Files: :mod:`.decode` cuts bytes into tables, :mod:`.spreadsheet` reads workbooks in a child process, :mod:`.layouts`
holds the banks' column names, :mod:`.header` finds them, :mod:`.summary` what a file says of itself, :mod:`.table`
reads the rows, :mod:`.chain` proves them, :mod:`.join` joins them. Amounts are integer fen.
"""

from ledger.exchange.bank.join import join
from ledger.exchange.bank.read import read_bank_file
from ledger.exchange.bank.rows import BankFile, BankRow, JoinedFile

__all__ = ["BankFile", "BankRow", "JoinedFile", "join", "read_bank_file"]
