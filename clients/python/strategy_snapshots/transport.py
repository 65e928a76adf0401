"""HTTP, JSON and problem+json, independent of records and trading."""

from __future__ import annotations

import json
import os
import re
import urllib.request
from collections.abc import Mapping
from email.message import Message
from http.client import HTTPException, HTTPResponse
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from .clock import Clock
from .credentials import Provider
from .errors import StrategyServiceError
from .sigv4 import Credentials, Request, Scope, signed, signed_by_botocore


class Transport:
    """Calls the service. Requests are signed (SigV4) if there are credentials."""

    def __init__(
        self, endpoint: str, *, credentials: Provider | None, region: str | None, clock: Clock, timeout: float
    ) -> None:
        """@raises ValueError when the AWS region is unknown"""
        self._endpoint = endpoint.rstrip("/")
        self._credentials = credentials
        self._scope = Scope(_region(self._endpoint, region) if credentials else "")
        self._clock = clock
        self._timeout = timeout

    def get(self, path: str, query: Mapping[str, object] | None = None) -> dict[str, Any]:
        return self._call("GET", f"{path}?{urlencode(query, quote_via=quote)}" if query else path, b"")

    def post(self, path: str, body: str, key: str | None = None) -> dict[str, Any]:
        """`key` is the Idempotency-Key."""
        return self._call("POST", path, body.encode(), {"Idempotency-Key": key} if key else {})

    def _call(self, method: str, path: str, body: bytes, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
        """@raises StrategyServiceError"""
        content_type = {"Content-Type": "application/json"} if body else {}
        request = Request(method, self._endpoint + path, body, {**content_type, **(headers or {})})
        status, answered, content = self._exchange(request)
        if self._clock.compare_with(answered.get("Date")) and status == 403:
            # It was signed with a wrong clock, which is now corrected.
            status, answered, content = self._exchange(request)
        parsed = _parsed(content)
        if 200 <= status < 300 and parsed is not None:
            return parsed
        # A 200 without a JSON object is not from the service, but for instance from a proxy or a hotel's login page.
        problem = parsed or {}
        detail = problem.get("detail") or problem.get("message") or "this is not an answer of the service"
        raise StrategyServiceError(
            str(detail), status=status, problem=problem, retry_after=_seconds(answered.get("Retry-After"))
        )

    def _exchange(self, request: Request) -> tuple[int, Message, bytes]:
        headers = self._signed(request, self._credentials()) if self._credentials else request.headers
        to_send = urllib.request.Request(
            request.url, data=request.body or None, headers=dict(headers), method=request.method
        )
        try:
            with _open(to_send, timeout=self._timeout) as response:
                return response.status, response.headers, response.read()
        except (OSError, HTTPException) as error:
            raise StrategyServiceError(f"{self._endpoint} is out of reach: {error!r}") from error

    def _signed(self, request: Request, credentials: Credentials) -> Mapping[str, str]:
        # botocore's signer always uses the machine's clock.
        if self._clock.offset == 0:
            try:
                return signed_by_botocore(request, credentials, self._scope)
            except ImportError:
                pass
        return signed(request, credentials, self._scope, self._clock.now())


class _EveryAnswer(urllib.request.HTTPErrorProcessor):
    """Returns responses of any status, and follows no redirect: the signature is not valid there."""

    def http_response(self, request: urllib.request.Request, response: HTTPResponse) -> HTTPResponse:
        return response

    https_response = http_response


_open = urllib.request.build_opener(_EveryAnswer).open


def _region(endpoint: str, region: str | None) -> str:
    in_name = re.search(r"\.execute-api\.([a-z0-9-]+)\.amazonaws\.", urlsplit(endpoint).netloc + ".")
    found = region or (in_name and in_name[1]) or os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")
    if not found:
        raise ValueError(f"the AWS region of {endpoint} is unknown: pass region=, or set AWS_REGION")
    return found


def _parsed(content: bytes) -> dict[str, Any] | None:
    try:
        parsed = json.loads(content)
    except ValueError:
        return None
    return parsed if isinstance(parsed, dict) else None


def _seconds(retry_after: str | None) -> float | None:
    return float(retry_after) if retry_after and retry_after.isdecimal() else None
