"""Every sentence of a review that stands in a record or that a reviewer reads, in Chinese, in one place."""

from collections.abc import Mapping
from types import MappingProxyType

CLOSED = "{message}人工核对：原件如此{note}。"
NOTE = "（{note}）"

ACTIONS: Mapping[str, str] = MappingProxyType(
    {
        "set_field": "填写",
        "key_field": "双人录入",
        "close_finding": "原件如此",
        "add_row": "增加一行",
        "remove_row": "删除一行",
        "join_rows": "合并两行",
        "split_row": "拆分一行",
        "arrange": "重新划分表格",
        "approve": "通过",
        "return": "退回",
        "undo": "撤销",
    }
)
"""What was done, by the name that the history has."""

OPEN_FIELDS = "还有 {count} 处须人工核对，例如{first}"
OPEN_FINDINGS = "还有 {count} 条核对结果未处理，例如：{first}"
"""Why a form cannot be approved yet."""

TO_BE_KEYED = "{path}须先由两人录入一致"
"""Why a finding cannot be closed yet."""

OPEN_KEYINGS = "还有 {count} 处须由两人录入一致，例如{first}"
"""Why a form cannot be approved yet, once nothing else waits."""

TO_KEY = "待录入"
"""What stands for a number that two people must key yet."""

KEYED_FIRST = "有关的格须由两人录入一致后，再作核对。"
"""What a finding says as long as its numbers are hidden."""


def closed(message: str, note: str) -> str:
    """The sentence of a finding that a person has closed, with the note that he left."""
    return CLOSED.format(message=message, note=NOTE.format(note=note) if note else "")
