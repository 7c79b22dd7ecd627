"""The authorize and token endpoints."""

import base64
import hashlib
import json
import re
import time
import unittest
from urllib.parse import parse_qs, urlencode, urlsplit

from harness import SimulatorTest, Simulator

NATIVE = "demo-native-app"
WEB = {"client_id": "demo-web-app", "client_secret": "demo-web-secret"}
NATIVE_REDIRECTS = ("https://login.live.com/oauth20_desktop.srf",
                    "https://login.microsoftonline.com/common/oauth2/nativeclient")
LOOPBACK = "http://localhost:4711/callback"
VERIFIER = "v" * 50
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")


class OAuthTest(SimulatorTest):
    def token(self, **fields):
        """(status, decoded reply) of a token request."""
        status, headers, body = self.sim.request(
            "POST", "/oauth20_token.srf", urlencode(fields).encode(),
            {"Content-Type": "application/x-www-form-urlencoded"})
        self.assertEqual(headers["Cache-Control"], "no-store")
        return status, json.loads(body)

    def refresh(self, token="AGENCY-ADMIN-REFRESH", client_id=NATIVE, **fields):
        return self.token(grant_type="refresh_token", refresh_token=token, client_id=client_id,
                          **fields)

    def error(self, answer):
        status, body = answer
        self.assertEqual(status, 400, body)
        return body["error"]

    def authorize(self, **changes):
        fields = {"client_id": NATIVE, "response_type": "code", "redirect_uri": LOOPBACK,
                  "state": "s&=+ ü", "scope": "bingads.manage", "code_challenge": CHALLENGE,
                  "code_challenge_method": "S256", **changes}
        query = urlencode({key: value for key, value in fields.items() if value is not None})
        return self.sim.request("GET", "/oauth20_authorize.srf?" + query)

    def code(self, **changes):
        status, headers, _ = self.authorize(**changes)
        self.assertEqual(status, 302)
        return parse_qs(urlsplit(headers["Location"]).query)["code"][0]

    def exchange(self, code, **changes):
        fields = {"grant_type": "authorization_code", "client_id": NATIVE, "code": code,
                  "redirect_uri": LOOPBACK, "code_verifier": VERIFIER, **changes}
        return self.token(**{key: value for key, value in fields.items() if value is not None})


class Refresh(OAuthTest):
    def test_new_tokens_work_and_old_refresh_tokens_stay_valid(self):
        status, first = self.refresh()
        self.assertEqual(status, 200)
        self.assertEqual((first["token_type"], first["expires_in"]), ("bearer", 3600))
        self.assertNotEqual(first["refresh_token"], "AGENCY-ADMIN-REFRESH")
        self.assertEqual(self.sim.call("GetUser", token=first["access_token"]).status, 200)
        self.assertEqual(self.refresh()[0], 200)
        self.assertEqual(self.refresh(first["refresh_token"])[0], 200)

    def test_refused_tokens(self):
        for token, client in (("WRONG", NATIVE), ("REVOKED-REFRESH", NATIVE)):
            self.assertEqual(self.error(self.refresh(token, client)), "invalid_grant")
        self.assertEqual(self.error(self.refresh("AGENCY-ADMIN-REFRESH", **WEB)), "invalid_grant")

    def test_secrets(self):
        answer = self.refresh(client_secret="")
        self.assertEqual(self.error(answer), "invalid_request")
        self.assertIn("Public clients can't send a client secret.",
                      answer[1]["error_description"])
        self.assertEqual(self.error(self.refresh("AGENCY-ADMIN-WEB-REFRESH", "demo-web-app")),
                         "invalid_client")
        self.assertEqual(self.error(self.refresh("AGENCY-ADMIN-WEB-REFRESH", "demo-web-app",
                                                 client_secret="x")), "invalid_client")
        self.assertEqual(self.refresh("AGENCY-ADMIN-WEB-REFRESH", **WEB)[0], 200)

    def test_other_refusals(self):
        self.assertEqual(self.error(self.refresh(client_id="unknown")), "unauthorized_client")
        self.assertEqual(self.error(self.refresh(scope="photos")), "invalid_scope")
        self.assertEqual(self.error(self.token(client_id=NATIVE)), "unsupported_grant_type")
        self.assertEqual(self.error(self.token(grant_type="refresh_token", client_id=NATIVE)),
                         "invalid_request")
        self.assertEqual(self.error(self.token(grant_type="refresh_token")), "invalid_request")

    def test_a_body_that_is_no_form(self):
        status, _, body = self.sim.request("POST", "/oauth20_token.srf", b"{}",
                                           {"Content-Type": "application/json"})
        self.assertEqual((status, json.loads(body)["error"]), (400, "invalid_request"))

    def test_scope_of_the_identity_platform(self):
        scope = "https://ads.microsoft.com/msads.manage"
        self.assertNotIn("refresh_token", self.refresh(scope=scope)[1])
        self.assertIn("refresh_token", self.refresh(scope=scope + " offline_access")[1])

    def test_faults_of_the_token_endpoint(self):
        self.sim.control("faults", {"add": "oauth-error=invalid_grant,op=token,call=1"})
        self.assertEqual(self.error(self.refresh()), "invalid_grant")
        self.assertEqual(self.refresh()[0], 200)
        self.sim.control("faults", {"add": "no-refresh-token,op=token"})
        self.sim.control("faults", {"add": "expires-text,op=token"})
        reply = self.refresh()[1]
        self.assertNotIn("refresh_token", reply)
        self.assertEqual(reply["expires_in"], "3600")
        self.sim.control("faults", {"add": "truncate=10,op=token"})
        with self.assertRaises(Exception):
            self.refresh()

    def test_revoke_and_expire_at_run_time(self):
        access = self.refresh()[1]["access_token"]
        self.sim.control("tokens", {"expireUser": 7001, "revokeUser": 7001})
        self.assertEqual(self.sim.call("GetUser", token=access).fault_code(), ("adapi", 109))
        self.assertEqual(self.error(self.refresh()), "invalid_grant")

    def test_the_log_has_every_request_and_no_secret(self):
        first = self.refresh()[1]
        self.refresh("REVOKED-REFRESH")
        records = [record for record in self.sim.log() if record["operation"] == "token"]
        self.assertEqual([record["outcome"] for record in records], ["ok", "oauth:invalid_grant"])
        self.assertEqual(records[0]["grant"], "refresh_token")
        self.assertRegex(records[0]["issuedRefreshToken"], "^sha256:")
        with open(self.sim.log_path, encoding="utf-8") as file:
            text = file.read()
        for secret in (first["access_token"], first["refresh_token"], "AGENCY-ADMIN-REFRESH"):
            self.assertNotIn(secret, text)


class Strict(OAuthTest):
    arguments = ("--plain-http", "--oauth-strict", "--token-lifetime", "1")

    def test_a_refresh_token_serves_once(self):
        new = self.refresh()[1]["refresh_token"]
        self.assertEqual(self.error(self.refresh()), "invalid_grant")
        self.assertEqual(self.refresh(new)[0], 200)

    def test_access_tokens_expire(self):
        reply = self.refresh()[1]
        self.assertEqual(reply["expires_in"], 1)
        self.assertEqual(self.sim.call("GetUser", token=reply["access_token"]).status, 200)
        time.sleep(1.1)
        self.assertEqual(self.sim.call("GetUser", token=reply["access_token"]).fault_code(),
                         ("adapi", 109))


class Family(OAuthTest):
    arguments = ("--plain-http", "--oauth-strict=family", "--oauth-auto-consent")

    def revoke(self, token):
        return self.sim.request("POST", "/oauth20_revoke.srf", urlencode({"token": token}).encode(),
                                {"Content-Type": "application/x-www-form-urlencoded"})[0]

    def test_a_token_that_comes_again_ends_its_kin(self):
        first = self.refresh()[1]["refresh_token"]
        second = self.refresh(first)[1]["refresh_token"]
        other = self.exchange(self.code())[1]["refresh_token"]
        self.assertEqual(self.error(self.refresh(first)), "invalid_grant")
        self.assertEqual(self.error(self.refresh(second)), "invalid_grant")
        self.assertEqual(self.refresh(other)[0], 200)

    def test_revoked(self):
        token = self.refresh()[1]["refresh_token"]
        self.assertEqual(self.revoke(token), 200)
        self.assertEqual(self.error(self.refresh(token)), "invalid_grant")
        self.assertEqual(self.revoke("unknown"), 200)
        self.assertEqual(self.revoke(""), 200)


class Devices(OAuthTest):
    arguments = ("--plain-http",)

    def begin(self, client_id=NATIVE):
        status, _, body = self.sim.request(
            "POST", "/oauth20_devicecode.srf",
            urlencode({"client_id": client_id, "scope": "bingads.manage"}).encode(),
            {"Content-Type": "application/x-www-form-urlencoded"})
        return status, json.loads(body)

    def poll(self, code):
        return self.token(grant_type="urn:ietf:params:oauth:grant-type:device_code",
                          client_id=NATIVE, device_code=code)

    def answer(self, code, answer):
        return self.sim.request("GET", "/device?" + urlencode({"user_code": code,
                                                               "answer": answer}))[0]

    def test_the_whole_way(self):
        status, reply = self.begin()
        self.assertEqual(status, 200)
        self.assertEqual(self.error(self.poll(reply["device_code"])), "authorization_pending")
        self.assertEqual(self.error(self.poll(reply["device_code"])), "slow_down")
        self.assertEqual(self.answer(reply["user_code"], "yes"), 200)
        time.sleep(1)
        status, tokens = self.poll(reply["device_code"])
        self.assertEqual(status, 200, tokens)
        self.assertEqual(self.refresh(tokens["refresh_token"])[0], 200)
        self.assertEqual(self.error(self.poll(reply["device_code"])), "invalid_grant")

    def test_denied_and_unknown(self):
        code = self.begin()[1]
        self.assertEqual(self.answer(code["user_code"], "no"), 200)
        self.assertEqual(self.error(self.poll(code["device_code"])), "authorization_declined")
        self.assertEqual(self.answer("guess", "yes"), 400)
        self.assertEqual(self.error(self.begin("unknown")), "unauthorized_client")


class Codes(OAuthTest):
    arguments = ("--plain-http", "--oauth-auto-consent")

    def test_the_whole_way(self):
        status, headers, _ = self.authorize()
        self.assertEqual(status, 302)
        url = urlsplit(headers["Location"])
        self.assertEqual((url.netloc, url.path), ("localhost:4711", "/callback"))
        fields = parse_qs(url.query)
        self.assertEqual(fields["state"], ["s&=+ ü"])
        status, reply = self.exchange(fields["code"][0])
        self.assertEqual(status, 200)
        self.assertEqual(self.sim.call("GetUser", token=reply["access_token"]).status, 200)
        self.assertEqual(self.refresh(reply["refresh_token"])[0], 200)

    def test_a_code_serves_once_and_as_it_was_made(self):
        code = self.code()
        self.assertEqual(self.exchange(code)[0], 200)
        self.assertEqual(self.error(self.exchange(code)), "invalid_grant")
        for change in ({"redirect_uri": LOOPBACK + "x"}, {"code_verifier": "w" * 50},
                       {"code_verifier": None}, {**WEB}):
            self.assertEqual(self.error(self.exchange(self.code(), **change)), "invalid_grant")
        self.assertEqual(self.error(self.exchange("guess")), "invalid_grant")

    def test_without_proof_or_with_a_plain_one(self):
        code = self.code(code_challenge=None, code_challenge_method=None)
        self.assertEqual(self.exchange(code, code_verifier=None)[0], 200)
        code = self.code(code_challenge=VERIFIER, code_challenge_method="plain")
        self.assertEqual(self.exchange(code)[0], 200)

    def test_where_a_code_may_go(self):
        desktop = self.sim.ready["authorizeUrl"].replace("authorize", "desktop")
        for uri in ("http://127.0.0.1/x", "http://[::1]:80/", desktop):
            self.assertEqual(self.authorize(redirect_uri=uri)[0], 302, uri)
        for uri in NATIVE_REDIRECTS:
            status, headers, _ = self.authorize(redirect_uri=uri)
            self.assertEqual(status, 302, uri)
            self.assertTrue(headers["Location"].startswith(uri + "?code="), headers["Location"])
            self.assertEqual(self.authorize(client_id="demo-web-app", redirect_uri=uri)[0], 400)
        self.assertEqual(self.authorize(client_id="demo-web-app",
                                        redirect_uri="https://web.sim.example/callback")[0], 302)
        for uri in ("http://evil.example/", "http://localhost.evil.example/", None,
                    "http://localhost@evil.example/", "http://localhost:x@evil.example/", "https://web.sim.example/callback",
                    "http://localhost:1/\r\nX: y", NATIVE_REDIRECTS[0][:-1],
                    NATIVE_REDIRECTS[0] + "/x", " ".join(NATIVE_REDIRECTS)):
            status, headers, _ = self.authorize(redirect_uri=uri)
            self.assertEqual((status, headers["Location"]), (400, None), uri)
        self.assertEqual(self.authorize(client_id="unknown")[0], 400)

    def test_response_type(self):
        _, headers, _ = self.authorize(response_type="token")
        self.assertIn("error=unsupported_response_type", headers["Location"])


class Page(OAuthTest):
    def consent(self, answer):
        _, _, page = self.authorize(state='"><script>')
        self.assertNotIn(b"<script>", page)
        hidden = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">',
                            page.decode().replace("&quot;", "'"))
        fields = dict(hidden, user="agency.admin", answer=answer)
        return self.sim.request("POST", "/oauth20_authorize.srf", urlencode(fields).encode(),
                                {"Content-Type": "application/x-www-form-urlencoded"})

    def test_allow_and_deny(self):
        status, headers, _ = self.consent("yes")
        self.assertEqual(status, 302)
        code = parse_qs(urlsplit(headers["Location"]).query)["code"][0]
        self.assertEqual(self.exchange(code)[0], 200)
        status, headers, _ = self.consent("no")
        self.assertIn("error=access_denied", headers["Location"])

    def test_desktop_page(self):
        self.assertEqual(self.sim.request("GET", "/oauth20_desktop.srf?code=1")[0], 200)


class Tls(unittest.TestCase):
    def test_token_url_over_tls(self):
        sim = Simulator()
        self.addCleanup(sim.stop)
        body = urlencode({"grant_type": "refresh_token", "client_id": NATIVE,
                          "refresh_token": "AGENCY-ADMIN-REFRESH"}).encode()
        status, _, _ = sim.request("POST", urlsplit(sim.ready["tokenUrl"]).path, body,
                                   {"Content-Type": "application/x-www-form-urlencoded"})
        self.assertEqual(status, 200)


if __name__ == "__main__":
    unittest.main()
