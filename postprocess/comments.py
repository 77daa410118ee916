"""What a cell of the workbook says about itself to a reviewer: what, why, and where on which page."""

from collections.abc import Mapping, Sequence
from typing import Any

from models.form import Status

NOT_FOUND = "表上没有找到这一项。"
NOT_UNDERSTOOD = "读作“{text}”，不能确定为这一栏应有的值。"
UNSURE = "读作“{text}”，置信度 {confidence:.1%}。"
EMPTY = "读作空白，须核对。"
SEALED = "印章盖住了这一处。"
OTHERS = "也可能是：{others}。"
WHERE = "见第 {page} 页，距左边 {left:.0%}、距上边 {top:.0%} 处。"


def comment(field: Mapping[str, Any], contradictions: Sequence[str]) -> str:
    """The comment on ``field`` (a Field of the document JSON), one sentence a line.

    Args:
        field: what was read.
        contradictions: messages of the findings of severity error that name it.
    """
    doubtful = field["status"] == Status.DOUBTFUL
    sealed = [SEALED] if doubtful and field.get("seal") else []
    return "\n".join((*contradictions, *((_reason(field),) if doubtful else ()), *sealed, *_others(field), *_where(field)))


def _reason(field: Mapping[str, Any]) -> str:
    if not field["text"]:
        return EMPTY if _has_place(field) else NOT_FOUND
    if field["value"] is None:
        return NOT_UNDERSTOOD.format(text=field["text"])
    return UNSURE.format(text=field["text"], confidence=field["confidence"])


def _others(field: Mapping[str, Any]) -> list[str]:
    shown = [f"“{other['text']}”（{other['confidence']:.1%}）" for other in field["alternatives"]]
    return [OTHERS.format(others="、".join(shown))] if shown else []


def _where(field: Mapping[str, Any]) -> list[str]:
    left, top, _, _ = field["box"]
    return [WHERE.format(page=field["page"], left=left, top=top)] if _has_place(field) else []


def _has_place(field: Mapping[str, Any]) -> bool:
    left, top, right, bottom = field["box"]
    return bool(right > left and bottom > top)
