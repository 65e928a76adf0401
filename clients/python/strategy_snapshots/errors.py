"""What can go wrong, in one place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class StrategyServiceError(Exception):
    """The service did not do what it was asked: it refused, failed, or was out of reach."""

    def __init__(
        self,
        detail: str,
        *,
        status: int | None = None,
        problem: Mapping[str, Any] | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(detail if status is None else f"{status}: {detail}")
        self.detail = detail
        #: The HTTP status; None when no answer came.
        self.status = status
        #: The problem document of the answer (RFC 9457); empty when it was none.
        self.problem: Mapping[str, Any] = problem or {}
        #: In how many seconds the service wants to be asked again, where it said so.
        self.retry_after = retry_after


class OutboxInUse(Exception):
    """Another process (or another manager of this one) has the outbox open: each bot needs a file of its own."""


class OutboxFull(Exception):
    """As many records wait as may wait. None of them is dropped for a new one."""
