"""Against the published test suite of AWS: github.com/awslabs/aws-c-auth, tests/aws-signing-test-suite/v4."""

import unittest
from datetime import datetime, timezone

from strategy_snapshots.sigv4 import Credentials, Request, Scope, signed, signed_by_botocore

try:
    import botocore.auth as botocore_auth
except ImportError:
    botocore_auth = None

SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
PUBLISHED = Credentials("AKIDEXAMPLE", SECRET)
SCOPE = Scope("us-east-1", "service")
AT = datetime(2015, 8, 30, 12, 36, tzinfo=timezone.utc)
HOST = "https://example.amazonaws.com"

#: Name, request, session token, signed headers, signature.
VECTORS = (
    ("post-vanilla", Request("POST", f"{HOST}/"), None,
     "host;x-amz-date", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
    ("get-vanilla-query-order-key-case", Request("GET", f"{HOST}/?Param2=value2&Param1=value1"), None,
     "host;x-amz-date", "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"),
    ("get-vanilla-query-order-encoded", Request("GET", f"{HOST}/?Param-3=Value3&Param=Value2&%E1%88%B4=Value1"), None,
     "host;x-amz-date", "371d3713e185cc334048618a97f809c9ffe339c62934c032af5a0e595648fcac"),
    ("get-vanilla-utf8-query", Request("GET", f"{HOST}/?ሴ=bar"), None,
     "host;x-amz-date", "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04"),
    ("get-utf8", Request("GET", f"{HOST}/ሴ"), None,
     "host;x-amz-date", "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"),
    ("get-space-unnormalized", Request("GET", f"{HOST}/example space/"), None,
     "host;x-amz-date", "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741"),
    ("get-unreserved",
     Request("GET", f"{HOST}/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"), None,
     "host;x-amz-date", "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f"),
    ("get-header-value-trim",
     Request("GET", f"{HOST}/", headers={"My-Header1": " value1", "My-Header2": ' "a   b   c"'}), None,
     "host;my-header1;my-header2;x-amz-date", "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"),
    ("post-x-www-form-urlencoded",
     Request("POST", f"{HOST}/", b"Param1=value1", {
         "Content-Type": "application/x-www-form-urlencoded", "Content-Length": "13",
         "x-amz-content-sha256": "9095672bbd1f56dfc5b65f3e153adc8731a4a654192329106275f4c7b24d0b6e"}), None,
     "content-length;content-type;host;x-amz-content-sha256;x-amz-date",
     "d3875051da38690788ef43de4db0d8f280229d82040bfac253562e56c3f20e0b"),
    ("get-vanilla-with-session-token", Request("GET", f"{HOST}/"),
     "6e86291e8372ff2a2260956d9b8aae1d763fbf315fa00fa31553b73ebf194267",
     "host;x-amz-date;x-amz-security-token", "07ec1639c89043aa0e3e2de82b96708f198cceab042d4a97044c66dd9f74e7f8"),
)  # fmt: skip


class The_signature(unittest.TestCase):
    def test_is_that_of_the_published_vectors(self) -> None:
        for name, request, token, names, signature in VECTORS:
            with self.subTest(name):
                headers = signed(request, Credentials("AKIDEXAMPLE", SECRET, token), SCOPE, AT.timestamp())
                self.assertEqual(
                    headers["Authorization"],
                    "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
                    f"SignedHeaders={names}, Signature={signature}",
                )
                self.assertEqual(headers["X-Amz-Date"], "20150830T123600Z")
                self.assertEqual(headers.get("X-Amz-Security-Token"), token)

    @unittest.skipUnless(botocore_auth, "botocore is not installed")
    def test_is_that_of_botocore_for_what_the_client_sends(self) -> None:
        api = "https://abcdefghij.execute-api.eu-west-1.amazonaws.com"
        scope = Scope("eu-west-1")
        json = {"Content-Type": "application/json"}
        for request in (
            Request("GET", f"{api}/comparison?bot_id=a%20bot%2F%C3%A9&limit=10"),
            Request("POST", f"{api}/fills", '[{"symbol":"BTC-USD","source":"é"}]'.encode(), json),
            Request("POST", f"{api}/snapshots", b"{}", {**json, "Idempotency-Key": "0123abc-now"}),
        ):
            for credentials in (PUBLISHED, PUBLISHED._replace(session_token="a token")):
                with self.subTest(request=request, credentials=credentials):
                    theirs = signed_by_botocore(request, credentials, scope)
                    at = datetime.strptime(theirs["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=timezone.utc)
                    ours = signed(request, credentials, scope, at.timestamp())
                    self.assertEqual(ours["Authorization"], theirs["Authorization"])
