"""The exceptions of the client."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class StrategyServiceError(Exception):
    """The service refused the request, failed, or could not be reached."""

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
        #: The HTTP status; None without a response.
        self.status = status
        #: The problem document of the response (RFC 9457); empty if it has none.
        self.problem: Mapping[str, Any] = problem or {}
        #: Seconds after which to try again, if the service said so.
        self.retry_after = retry_after


class OutboxInUse(Exception):
    """Another process, or another manager of this one, has the outbox open. Each bot needs its own file."""


class OutboxFull(Exception):
    """The outbox is full. No record is dropped for a new one."""
