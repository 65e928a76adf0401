import os
import tempfile
import unittest
from collections.abc import Mapping
from pathlib import Path
from unittest import mock

from strategy_snapshots.credentials import provider
from strategy_snapshots.errors import StrategyServiceError
from strategy_snapshots.sigv4 import Credentials

FILE = """
[default]
aws_access_key_id = AKIDEXAMPLE
aws_secret_access_key = 100%secret
[other]
aws_access_key_id = AKIDOTHER
aws_secret_access_key = other
aws_session_token = token
"""


class Credentials_come(unittest.TestCase):
    def setUp(self) -> None:
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        file = Path(directory.name, "credentials")
        file.write_text(FILE)
        self.environment = {"AWS_SHARED_CREDENTIALS_FILE": str(file), "AWS_EC2_METADATA_DISABLED": "true"}

    def found(
        self, environment: Mapping[str, str] = {}, *, botocore: bool = False, profile: str | None = None
    ) -> Credentials:
        modules = {} if botocore else {"botocore.session": None}
        with (
            mock.patch.dict(os.environ, {**self.environment, **environment}, clear=True),
            mock.patch.dict("sys.modules", modules),
        ):
            return provider(profile=profile)()

    def test_from_the_constructor_first(self) -> None:
        explicit = Credentials("AKIDEXPLICIT", "secret")
        self.assertEqual(provider(explicit)(), explicit)

    def test_from_the_environment_before_the_file(self) -> None:
        keys = {"AWS_ACCESS_KEY_ID": "AKIDENV", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_SESSION_TOKEN": "token"}
        self.assertEqual(self.found(keys), ("AKIDENV", "secret", "token"))

    def test_from_the_file_and_to_the_letter(self) -> None:
        self.assertEqual(self.found(), ("AKIDEXAMPLE", "100%secret", None))

    def test_from_the_profile_that_is_named_whatever_the_environment_says(self) -> None:
        keys = {"AWS_ACCESS_KEY_ID": "AKIDENV", "AWS_SECRET_ACCESS_KEY": "secret"}
        self.assertEqual(self.found({"AWS_PROFILE": "other"}), ("AKIDOTHER", "other", "token"))
        self.assertEqual(self.found(keys, profile="other"), ("AKIDOTHER", "other", "token"))

    def test_the_same_with_botocore(self) -> None:
        try:
            import botocore.session  # noqa: F401
        except ImportError:
            self.skipTest("botocore is not installed")
        for environment in (
            {},
            {"AWS_PROFILE": "other"},
            {"AWS_ACCESS_KEY_ID": "AKIDENV", "AWS_SECRET_ACCESS_KEY": "s"},
        ):
            self.assertEqual(self.found(environment, botocore=True), self.found(environment))

    def test_or_the_error_says_where_they_were_sought(self) -> None:
        with self.assertRaisesRegex(StrategyServiceError, "no AWS credentials: .* profile missing in .*credentials"):
            self.found({"AWS_PROFILE": "missing"})
