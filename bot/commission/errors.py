"""What goes wrong in a computation, in words an advisor understands."""

from __future__ import annotations


class CommissionError(ValueError):
    """The figures given make no sense; the message is Chinese and can be shown as it is."""
