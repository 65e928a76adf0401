"""Finds AWS credentials, in boto3's order."""

from __future__ import annotations

import configparser
import os
from collections.abc import Callable
from pathlib import Path

from .errors import StrategyServiceError
from .sigv4 import Credentials

#: Called before every request, so that rotated keys are used.
Provider = Callable[[], Credentials]


def provider(explicit: Credentials | None = None, profile: str | None = None) -> Provider:
    """Explicit keys; else, if botocore is installed, its whole chain (environment, profiles, single sign-on, assumed roles, container,
    instance); else the environment, then a profile of the shared credentials file. An explicit profile comes before the
    environment."""
    if explicit:
        return lambda: explicit
    try:
        from botocore.session import Session
    except ImportError:
        return lambda: (None if profile else _of_environment()) or _of_file(profile)

    session = Session(profile=profile)

    def from_botocore() -> Credentials:
        found = session.get_credentials()
        if found is None:
            raise StrategyServiceError("botocore found no AWS credentials")
        return Credentials(*found.get_frozen_credentials()[:3])

    return from_botocore


def _of_environment() -> Credentials | None:
    key, secret = os.environ.get("AWS_ACCESS_KEY_ID"), os.environ.get("AWS_SECRET_ACCESS_KEY")
    return Credentials(key, secret, os.environ.get("AWS_SESSION_TOKEN")) if key and secret else None


def _of_file(profile: str | None) -> Credentials:
    name = profile or os.environ.get("AWS_PROFILE", "default")
    path = Path(os.environ.get("AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials")).expanduser()
    # No interpolation: a secret may contain a percent sign.
    file = configparser.RawConfigParser()
    file.read(path, encoding="utf-8")
    try:
        found = file[name]
        return Credentials(found["aws_access_key_id"], found["aws_secret_access_key"], found.get("aws_session_token"))
    except KeyError:
        raise StrategyServiceError(
            f"no AWS credentials: neither in the environment nor as profile {name} in {path} "
            "(roles of a container or an instance need botocore)"
        ) from None
