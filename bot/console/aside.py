"""The column on the left: who sits there, and who waits."""

from __future__ import annotations

from collections.abc import Sequence

from bot.clients.finding import QueueEntry
from bot.clients.profile import ClientProfile
from bot.commission.money import rate_text
from bot.console.markup import div, esc, joined, text_div, whole_yuan

MOVED = "这位客户的资料已转到别的营业部"


def client_html(client: ClientProfile | None, purpose: str = "", moved: bool = False) -> str:
    """The client's card, or how to get one; `moved` when he belongs to another branch by now."""
    if client is None and moved:
        return f"<h2>没有客户资料</h2>{text_div('muted', MOVED, 'p')}"
    if client is None:
        return (
            '<h2>还不知道是哪位</h2><p class="muted">打客户号，或「姓名+手机尾号」，例如「斤女士 3021」。'
            "没有资料也能先往下谈。</p>"
        )
    contact = f"{client.days_since_contact} 天前" if client.days_since_contact is not None else "没有记录"
    facts = [
        ("开户", f"{client.tenure_years} 年" if client.tenure_years else "不满 1 年", "tenure"),
        ("资产", f"{whole_yuan(client.assets)} 元", "assets"),
        ("近12个月成交", f"{whole_yuan(client.turnover_12m)} 元 · {client.trades_12m} 笔", "turnover"),
        ("一年付佣金", f"{client.commission_12m:,.2f} 元", "paid"),
        ("现佣金", f"{rate_text(client.commission_rate)}（最低 {whole_yuan(client.min_fee)} 元）", "rate"),
        ("上次联系", contact, "contact"),
    ]
    held = "、".join(position.name for position in client.positions[:3]) or "空仓"
    if len(client.positions) > 3:
        held += f" 等 {len(client.positions)} 只"
    facts.append(("持仓", held, "held"))
    rows = joined(
        f'<div class="fact {name}"><dt>{esc(label)}</dt><dd>{esc(value)}</dd></div>'
        for label, value, name in facts
    )
    flags = joined(text_div("flag", flag.text, "li") for flag in client.flags)
    head = f"<h2>{esc(client.salutation)}<small>{esc(client.name)} · {esc(client.client_no)}</small></h2>" + (
        text_div("purpose", f"来办：{purpose}") if purpose else ""
    )
    title = f'title="开户日 {client.opened_on.isoformat()}"'
    return f"{head}<dl {title}>{rows}</dl>" + (div("flags", flags, "ul") if flags else "")


def waiting_text(entry: QueueEntry) -> tuple[str, str]:
    """Two short lines for someone who waits: who, and what for."""
    client = entry.client
    who = f"{client.salutation} 尾号{client.phone_tail}" if client else "未登记姓名"
    number = f"{entry.queue_no} 号 · " if entry.queue_no is not None else ""
    return who, f"{number}{entry.queued_at:%H:%M} 到 · {entry.purpose or '未说明来意'}"


def waiting_note(entries: Sequence[QueueEntry]) -> str:
    """How many wait, in words."""
    return f"在等 {len(entries)} 位" if entries else "现在没有人在等"
