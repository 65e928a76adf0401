import dataclasses
import enum
import logging
import math
import unittest
from datetime import timedelta
from decimal import Decimal

from strategy_snapshots.values import settings_of, storable


class Mode(enum.Enum):
    LIVE = "live"


@dataclasses.dataclass
class Weights:
    rsi: float = 2.5


class OfTheClass:
    score_buy_target = 5.5
    mode = Mode.LIVE

    def __init__(self) -> None:
        self.weights = Weights()
        self.excluded = {"PENGU-USD", "A8-USD"}
        self.cooldown = timedelta(minutes=2)
        self.step = Decimal("0.10")
        self.logger = logging.getLogger("bot")
        self.api_key = "never sent"
        self._private = 1

    def method(self) -> None: ...

    @property
    def doubled(self) -> float:
        return 2 * self.score_buy_target


AS_MAPPING = {
    "score_buy_target": 5.5,
    "mode": "live",
    "weights": {"rsi": 2.5},
    "excluded": ["A8-USD", "PENGU-USD"],
    "cooldown": 120.0,
    "step": 0.1,
    "doubled": 11.0,
    "api_key": "[redacted]",
}


class Settings(unittest.TestCase):
    def test_of_an_object_are_its_public_attributes_and_those_of_its_class(self) -> None:
        self.assertEqual(settings_of(OfTheClass()), AS_MAPPING)

    def test_of_an_object_are_what_can_be_read_of_it_and_the_log_names_the_rest(self) -> None:
        class Connected:
            score_buy_target = 5.5

            @property
            def balance(self) -> float:
                raise ConnectionError("no exchange")

        with self.assertLogs("strategy_snapshots") as logged:
            self.assertEqual(settings_of(Connected()), {"score_buy_target": 5.5})
        self.assertIn("balance of the configuration cannot be read", logged.output[0])

    def test_of_a_class_are_its_attributes(self) -> None:
        self.assertEqual(settings_of(Weights), {"rsi": 2.5})

    def test_of_a_mapping_are_its_items(self) -> None:
        self.assertEqual(settings_of(AS_MAPPING), AS_MAPPING)

    def test_have_no_secrets_at_any_depth(self) -> None:
        exchange = {
            "apiKey": "a",
            "API_SECRET": "b",
            "passphrase": 3,
            "access_token": ["c"],
            "name": "kept",
            "token_count": 5,
        }
        settings = settings_of({"exchange": exchange})["exchange"]
        self.assertEqual(
            {name for name, value in settings.items() if "[redacted]" in str(value)}, set(list(exchange)[:4])
        )
        self.assertEqual((settings["name"], settings["token_count"]), ("kept", 5))

    def test_are_needed(self) -> None:
        with self.assertRaisesRegex(TypeError, "has no settings"):
            settings_of(object())


class Values(unittest.TestCase):
    def test_that_are_no_numbers_are_null(self) -> None:
        self.assertEqual(
            storable({"a": math.nan, "b": [math.inf, Decimal("NaN"), 1]}), {"a": None, "b": [None, None, 1]}
        )

    def test_of_numpy_are_plain(self) -> None:
        class Array:
            def tolist(self) -> list[float]:
                return [1.5, math.nan]

        self.assertEqual(storable({"rsi": Array()}), {"rsi": [1.5, None]})
