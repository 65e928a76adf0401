"""AWS Signature Version 4 in the `Authorization` header.

https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import NamedTuple
from urllib.parse import parse_qsl, quote, urlsplit


class Credentials(NamedTuple):
    access_key: str
    secret_key: str
    session_token: str | None = None


class Request(NamedTuple):
    method: str
    url: str
    body: bytes = b""
    headers: Mapping[str, str] = {}


class Scope(NamedTuple):
    region: str
    service: str = "execute-api"


def signed(request: Request, credentials: Credentials, scope: Scope, at: float) -> dict[str, str]:
    """The request's headers with its signature, at a time in seconds since 1970."""
    time = datetime.fromtimestamp(at, timezone.utc).strftime("%Y%m%dT%H%M%SZ")
    added = {"X-Amz-Date": time}
    if credentials.session_token:
        added["X-Amz-Security-Token"] = credentials.session_token
    headers = {**request.headers, **added}

    credential_scope = f"{time[:8]}/{scope.region}/{scope.service}/aws4_request"
    names, canonical = _canonical(request._replace(headers=headers))
    to_sign = f"AWS4-HMAC-SHA256\n{time}\n{credential_scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    key = f"AWS4{credentials.secret_key}".encode()
    for part in credential_scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    signature = hmac.digest(key, to_sign.encode(), "sha256").hex()
    headers["Authorization"] = (
        f"AWS4-HMAC-SHA256 Credential={credentials.access_key}/{credential_scope}, "
        f"SignedHeaders={names}, Signature={signature}"
    )
    return headers


def signed_by_botocore(request: Request, credentials: Credentials, scope: Scope) -> dict[str, str]:
    """The same with botocore's signer, at the current time. @raises ImportError"""
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials as BotocoreCredentials

    to_sign = AWSRequest(request.method, request.url, data=request.body, headers=dict(request.headers))
    SigV4Auth(BotocoreCredentials(*credentials), scope.service, scope.region).add_auth(to_sign)
    return dict(to_sign.headers.items())


def _canonical(request: Request) -> tuple[str, str]:
    """The names of the signed headers, and the canonical request."""
    url = urlsplit(request.url)
    headers = {name.lower(): " ".join(value.split()) for name, value in request.headers.items()}
    headers["host"] = url.netloc
    names = ";".join(sorted(headers))
    pairs = sorted((_encoded(name), _encoded(value)) for name, value in parse_qsl(url.query, keep_blank_values=True))
    return names, "\n".join(
        [
            request.method,
            # Every service except S3 encodes the path of the request a second time.
            quote(url.path or "/", safe="/-._~"),
            "&".join(f"{name}={value}" for name, value in pairs),
            *(f"{name}:{headers[name]}" for name in sorted(headers)),
            "",
            names,
            hashlib.sha256(request.body).hexdigest(),
        ]
    )


def _encoded(text: str) -> str:
    return quote(text, safe="-._~")
