"""bacm login and logout, and what the other commands make of the stored token."""

import html
import os
import pathlib
import signal
import socket
import stat
import time
import unittest
from urllib.parse import quote, urlsplit

from support import (ADMIN_REFRESH, ADMIN_WEB_REFRESH, PATIENCE, V13, WEB_APP, WEB_SECRET,
                     LoginTest, OAuthTest, agree, field, get)

FAKE_BROWSER = """#!/bin/sh
tr '\\0' '\\n' < /proc/$$/cmdline > browser.cmdline
grep -E 'Sig(Blk|Ign)' /proc/self/status > browser.signals
env > browser.environment
mv browser.environment browser.done
"""


class Login(LoginTest):
    # by pasting

    def test_pasted_address(self):
        process, url = self.begin()
        code, out, err = self.finish(process, agree(self.sim, url) + "\n")
        self.assertEqual((code, out), (0, ""), err)
        self.assertIn(str(self.token_file), err)
        self.assertEqual(stat.S_IMODE(self.token_file.stat().st_mode), 0o600)
        self.assertEqual(stat.S_IMODE(self.token_file.parent.stat().st_mode), 0o700)
        result = self.bacm("whoami")
        self.assertEqual(result.code, 0, result.err)
        self.assertEqual(result.records()[0]["userId"], 7001)

    def test_pasted_address_of_the_platform(self):
        """Who sets no redirect URI is sent to the platform's page for native applications."""
        process, url = self.begin(BACM_REDIRECT_URI=None)
        address = agree(self.sim, url)
        self.assertTrue(address.startswith("https://login."), address)
        code, _, err = self.finish(process, address + "\n")
        self.assertEqual(code, 0, err)
        self.assertEqual(self.bacm("whoami").code, 0)

    def test_wrong_address_may_be_followed_by_the_right_one(self):
        process, url = self.begin()
        right = agree(self.sim, url)
        wrong = right.replace("state=", "state=x")
        code, _, err = self.finish(process, wrong + "\n" + right + "\n")
        self.assertEqual(code, 0, err)
        self.assertIn("does not belong to this consent", err)
        self.assertEqual(len(self.token_calls()), 1)

    def test_no_address(self):
        process, _ = self.begin()
        code, _, err = self.finish(process)
        self.assertEqual(code, 4)
        self.assertIn("no address was given", err)
        self.assertFalse(self.token_file.exists())

    def test_user_refuses(self):
        process, url = self.begin()
        code, _, err = self.finish(
            process, "https://x/?error=access_denied&state=" + quote(field(url, "state")) + "\n")
        self.assertEqual(code, 4)
        self.assertIn("did not agree", err)

    def test_code_that_is_refused(self):
        process, url = self.begin()
        code, _, err = self.finish(
            process, "https://x/?code=WRONG&state=" + quote(field(url, "state")) + "\n")
        self.assertEqual(code, 4)
        self.assertIn("invalid_grant", err)
        self.assertNotIn("WRONG", err)
        self.assertFalse(self.token_file.exists())

    # on the loopback page

    def test_loopback_page(self):
        for host in ("localhost", "127.0.0.1", "[::1]"):
            if host == "[::1]" and not has_ipv6():
                continue
            with self.subTest(host):
                process, url = self.begin(BACM_REDIRECT_URI=f"http://{host}/cb")
                redirect = field(url, "redirect_uri")
                self.assertRegex(redirect, r"^http://.+:\d+/cb$")
                status, _, page = get(agree(self.sim, url))
                self.assertEqual(status, 200)
                self.assertIn("signed in", page)
                self.assertEqual(self.finish(process)[0], 0)
                self.assertIsNotNone(self.stored_token())

    def test_other_requests_do_not_end_it(self):
        process, url = self.begin(BACM_REDIRECT_URI="http://localhost")
        base = field(url, "redirect_uri")
        port = urlsplit(base).port
        idle = [socket.create_connection(("127.0.0.1", port)) for _ in range(3)]
        for sock in idle:
            self.addCleanup(sock.close)
        self.assertEqual(get(base + "/favicon.ico")[0], 404)
        self.assertEqual(get(base + "/")[0], 404)
        self.assertEqual(get(base + "/?code=C&state=guessed")[0], 400)
        self.assertEqual(get(base + "/?error=access_denied&state=guessed")[0], 400)
        with socket.create_connection(("127.0.0.1", port)) as sock:
            sock.sendall(b"POST /?code=C HTTP/1.1\r\n\r\n")
            self.assertIn(b" 404 ", sock.recv(4096))
        with socket.create_connection(("127.0.0.1", port)) as sock:
            sock.sendall(b"GET /" + b"x" * 20000)
            self.assertEqual(end_of(sock), b"")
        self.assertEqual(get(agree(self.sim, url))[0], 200)
        self.assertEqual(self.finish(process)[0], 0)
        self.assertEqual(len(self.token_calls()), 1)

    def test_more_connections_than_there_is_room_for(self):
        process, url = self.begin(BACM_REDIRECT_URI="http://localhost")
        port = urlsplit(field(url, "redirect_uri")).port
        for _ in range(40):
            sock = socket.create_connection(("127.0.0.1", port))
            sock.sendall(b"GET /")
            self.addCleanup(sock.close)
        self.assertEqual(get(agree(self.sim, url))[0], 200)
        self.assertEqual(self.finish(process)[0], 0)

    def test_answer_in_pieces(self):
        process, url = self.begin(BACM_REDIRECT_URI="http://127.0.0.1/")
        target = agree(self.sim, url)
        parts = urlsplit(target)
        with socket.create_connection(("127.0.0.1", parts.port)) as sock:
            for piece in (f"GET {parts.path}?{parts.query} HTTP/1.1", "\r\nHost: x\r", "\n\r", "\n"):
                sock.sendall(piece.encode())
                time.sleep(0.05)
            self.assertIn(b" 200 ", sock.recv(4096))
        self.assertEqual(self.finish(process)[0], 0)

    def test_refusal_on_the_page(self):
        process, url = self.begin(BACM_REDIRECT_URI="http://localhost")
        base, state = field(url, "redirect_uri"), quote(field(url, "state"))
        status, _, page = get(f"{base}/?error=access_denied&state={state}")
        self.assertEqual(status, 400)
        self.assertIn("did not work", page)
        self.assertEqual(self.finish(process)[0], 4)

    def test_port_in_use(self):
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]
            result = self.bacm("login", BACM_REDIRECT_URI=f"http://127.0.0.1:{port}/")
        self.assertEqual(result.code, 2)
        self.assert_says(result, "cannot listen", "--paste")

    def test_port_that_another_has_on_the_other_family(self):
        """He would get the answers of browsers that try that family first."""
        for family, host in ((socket.AF_INET6, "::1"), (socket.AF_INET, "127.0.0.1")):
            if not has_ipv6():
                continue
            with socket.socket(family) as server:
                server.bind((host, 0))
                server.listen()
                port = server.getsockname()[1]
                result = self.bacm("login", BACM_REDIRECT_URI=f"http://localhost:{port}/")
            self.assertEqual(result.code, 2)
            self.assert_says(result, "cannot listen", "Address already in use")
        self.assertEqual(self.sim.log(), [])

    def test_paste_although_the_page_is_here(self):
        process, url = self.begin("--paste", BACM_REDIRECT_URI="http://localhost:8/cb")
        self.assertEqual(field(url, "redirect_uri"), "http://localhost:8/cb")
        self.assertEqual(self.finish(process, agree(self.sim, url) + "\n")[0], 0)

    # PKCE, browser, applications

    def test_pkce_where_the_platform_has_it(self):
        process, url = self.begin("--scope", "bingads.manage", "--oauth-platform", "identity",
                                  BACM_REDIRECT_URI="http://localhost")
        self.assertEqual(field(url, "code_challenge_method"), "S256")
        self.assertEqual(get(agree(self.sim, url))[0], 200)
        self.assertEqual(self.finish(process)[0], 0)
        for platform in ("identity",) if V13 else ("identity", "live"):
            _, url = self.begin("--oauth-platform", platform)
            self.assertEqual(field(url, "code_challenge_method"), "S256", platform)

    def test_platform_that_the_version_does_not_take(self):
        if not V13:
            self.begin("--oauth-platform", "live")
            return
        result = self.bacm("login", "--oauth-platform", "live")
        self.assertEqual(result.code, 2)
        self.assert_says(result, "v13 takes tokens of the identity platform only")
        self.assertEqual(self.sim.log(), [])

    def test_browser_gets_the_page_and_nothing_else(self):
        self.write("bin/xdg-open", FAKE_BROWSER, 0o755)
        path = f"{self.folder}/bin:{os.environ['PATH']}"
        process, url = self.begin(DISPLAY=":7", PATH=path, BACM_REFRESH_TOKEN="MARKED-REFRESH")
        done = self.folder / "browser.done"
        for _ in range(3000):
            if done.exists():
                break
            time.sleep(0.02)
        page = (self.folder / "browser.cmdline").read_text().splitlines()[-1]
        for secret in (field(url, "state"), field(url, "code_challenge"), "http"):
            self.assertNotIn(secret, (self.folder / "browser.cmdline").read_text())
        self.assertEqual(stat.S_IMODE(os.stat(page).st_mode), 0o600)
        self.assertEqual(os.path.dirname(page), str(self.token_file.parent))
        self.assertIn(f'url={url}"', html.unescape(pathlib.Path(page).read_text()))
        self.assertIn("DISPLAY=:7", done.read_text())
        self.assertNotIn("BACM_", done.read_text())
        for line in (self.folder / "browser.signals").read_text().splitlines():
            # 32 and 33 are the C library's own
            self.assertEqual(int(line.split()[1], 16) & 0x7FFFFFFF, 0, line)
        done.unlink()
        code, _, err = self.finish(process, agree(self.sim, url) + "\n")
        self.assertEqual(code, 0, err)
        self.assertFalse(os.path.exists(page))
        self.begin("--no-browser", DISPLAY=":7", PATH=path)
        time.sleep(0.3)
        self.assertFalse(done.exists())

    def test_page_goes_when_the_sign_in_is_broken_off(self):
        self.write("bin/xdg-open", "#!/bin/true\n", 0o755)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            process, _ = self.begin(DISPLAY=":7", PATH=f"{self.folder}/bin:{os.environ['PATH']}")
            self.assertEqual(len(self.pages()), 1)
            process.send_signal(number)
            process.communicate(timeout=60 * PATIENCE)
            self.assertEqual(process.returncode, -number)
            self.assertEqual(self.pages(), [])

    def pages(self):
        return [name for name in os.listdir(self.token_file.parent) if name.endswith(".html")]

    def test_web_application(self):
        variables = {"BACM_CLIENT_ID": WEB_APP, "BACM_APP_KIND": "web",
                     "BACM_CLIENT_SECRET": WEB_SECRET,
                     "BACM_REDIRECT_URI": "https://web.sim.example/callback"}
        self.log_in(**variables)
        self.assertEqual(self.bacm("whoami", **variables).code, 0)
        result = self.bacm("whoami", **{**variables, "BACM_CLIENT_SECRET": "wrong"})
        self.assertEqual(result.code, 4)
        self.assert_says(result, "Check client-secret")

    def test_no_application(self):
        result = self.bacm("login", BACM_CLIENT_ID=None)
        self.assertEqual(result.code, 2)
        self.assert_says(result, "client-id")

    def test_page_is_shown_although_quiet(self):
        _, url = self.begin("--quiet")
        self.assertIn("/oauth20_authorize.srf?", url)

    # profiles and logout

    def test_profiles_do_not_mix(self):
        config = "".join(f"[{name}]\nclient-id = demo-native-app\n" for name in ("one", "../two"))
        path = self.write("config", config, 0o600)
        self.log_in(BACM_CONFIG=path, BACM_PROFILE="one")
        self.assertEqual(self.bacm("whoami", BACM_CONFIG=path, BACM_PROFILE="one").code, 0)
        result = self.bacm("whoami", BACM_CONFIG=path, BACM_PROFILE="../two")
        self.assertEqual(result.code, 3)
        self.assert_says(result, "bacm login")
        self.log_in(BACM_CONFIG=path, BACM_PROFILE="../two")
        self.assertEqual(sorted(os.listdir(self.token_file.parent)),
                         ["%2E%2E%2Ftwo.token", "%2E%2E%2Ftwo.token.lock", "one.token",
                          "one.token.lock"])

    def test_logout(self):
        self.log_in()
        left = self.token_file.with_name("default.token.new-abcdef")
        left.write_text("a write that was cut short")
        result = self.bacm("logout")
        self.assertEqual(result.code, 0, result.err)
        self.assertEqual(os.listdir(self.token_file.parent), [])
        self.assertEqual(self.bacm("whoami").code, 3)
        result = self.bacm("logout")
        self.assertEqual(result.code, 0)
        self.assert_says(result, "Nobody was signed in")

    def test_places_of_the_file(self):
        self.log_in(XDG_STATE_HOME=str(self.folder / "state"))
        self.assertIsNotNone(self.stored_token(self.folder / "state" / "bacm" / "default.token"))
        self.log_in(BACM_TOKEN_FILE="here/token")
        self.assertIsNotNone(self.stored_token(self.folder / "here" / "token"))
        self.assertFalse(self.token_file.exists())
        self.assertEqual(self.bacm("whoami", "--token-file", "here/token").code, 0)
        self.assertEqual(self.bacm("whoami", HOME=None).code, 2)


class StoredToken(OAuthTest):
    """What stands in the file, and what is refused of it."""

    def store(self, token=ADMIN_REFRESH, mode=0o600, client="demo-native-app",
              environment="production", configured=""):
        self.write(".local/state/bacm/default.token",
                   f"# comment\nclient-id = {client}\nenvironment = {environment}\n"
                   f"configured = {configured}\nrefresh-token = {token}\n", mode)

    def test_each_command_renews_it(self):
        self.store()
        seen = {ADMIN_REFRESH}
        for _ in range(3):
            self.assertEqual(self.bacm("whoami").code, 0)
            self.assertNotIn(self.stored_token(), seen)
            seen.add(self.stored_token())
        self.assertEqual(sorted(os.listdir(self.token_file.parent)),
                         ["default.token", "default.token.lock"])

    def test_others_may_not_read_it(self):
        self.store(mode=0o640)
        result = self.bacm("whoami")
        self.assertEqual(result.code, 4)
        self.assert_says(result, f"chmod 600 '{self.token_file}'")
        self.assertEqual(self.sim.log(), [])

    def test_of_another_application_or_environment(self):
        for wrong in ({"client": "another"}, {"environment": "sandbox"}):
            with self.subTest(wrong):
                self.store(**wrong)
                result = self.bacm("whoami")
                self.assertEqual(result.code, 4)
                self.assert_says(result, "bacm login")
                self.assertEqual(self.sim.log(), [])

    def test_without_a_token(self):
        for content in ("", "client-id = demo-native-app\nenvironment = production\n",
                        "client-id = demo-native-app\nenvironment = production\nrefresh-token = \n",
                        "x" * 30000):
            with self.subTest(content[:40]):
                self.write(".local/state/bacm/default.token", content, 0o600)
                result = self.bacm("whoami")
                self.assertEqual(result.code, 4)
                self.assertEqual(self.sim.log(), [])

    def test_configured_token_begins_a_chain(self):
        self.assertEqual(self.bacm("whoami", BACM_REFRESH_TOKEN=ADMIN_REFRESH).code, 0)
        first = self.stored_token()
        self.assertEqual(self.bacm("whoami", BACM_REFRESH_TOKEN=ADMIN_REFRESH).code, 0)
        self.assertNotEqual(self.stored_token(), first)
        calls = self.token_calls()
        self.assertEqual(calls[1]["refreshToken"], calls[0]["issuedRefreshToken"])

    def test_newly_configured_token_wins(self):
        self.store("REVOKED-REFRESH")
        self.assertEqual(self.bacm("whoami").code, 4)
        result = self.bacm("whoami", BACM_REFRESH_TOKEN=ADMIN_REFRESH)
        self.assertEqual(result.code, 0, result.err)

    def test_folder_that_cannot_be_written(self):
        self.write("file", "")
        result = self.bacm("whoami", BACM_REFRESH_TOKEN=ADMIN_REFRESH,
                           BACM_TOKEN_FILE="file/token")
        self.assertEqual(result.code, 4)
        self.assert_says(result, "BACM_E_TOKEN_STORE", "file")
        self.assertEqual(self.operations(), [])

    def test_access_token_wins(self):
        self.assertEqual(self.bacm("whoami", BACM_ACCESS_TOKEN="AGENCY-ADMIN-TOKEN").code, 0)
        self.assertEqual(self.operations(), ["GetUser"])

    def test_native_application_with_a_secret(self):
        result = self.bacm("whoami", BACM_REFRESH_TOKEN=ADMIN_REFRESH, BACM_CLIENT_SECRET="x")
        self.assertEqual(result.code, 2)
        self.assert_says(result, "client-secret", "app-kind")
        result = self.bacm("whoami", BACM_REFRESH_TOKEN=ADMIN_WEB_REFRESH, BACM_APP_KIND="web")
        self.assertEqual(result.code, 2)
        self.assert_says(result, "client-secret")

    def test_doctor_tells_of_the_sign_in(self):
        result = self.bacm("doctor")
        self.assertEqual(result.code, 3)
        self.assertIn("Run bacm login", result.out)
        self.store()
        result = self.bacm("doctor")
        self.assertEqual(result.code, 0, result.out + result.err)
        self.assertIn(str(self.token_file), result.out)

    def test_secrets_are_no_options(self):
        for option in ("--client-secret", "--refresh-token"):
            result = self.bacm("whoami", f"{option}=MARKED")
            self.assertEqual(result.code, 2)
            self.assertNotIn("MARKED", result.err + result.out)


class Google(OAuthTest):
    """Another platform, by option alone; its refresh tokens stay as they are."""

    arguments = ("--fault", "no-refresh-token,op=token")

    def test_refresh_token_is_kept(self):
        result = self.bacm("whoami", "--oauth-platform", "google", BACM_REFRESH_TOKEN=ADMIN_REFRESH)
        self.assertEqual(result.code, 0, result.err)
        self.assertNotIn("warning", result.err)
        self.assertIsNone(self.stored_token())

    def test_login_ends_on_this_machine(self):
        process = self.start("login", "--oauth-platform", "google")
        said = b""
        while b"://" not in said:
            said += process.stderr.readline()
        self.assertRegex(said, rb"redirect_uri=http%3A%2F%2Flocalhost%3A\d+&")


class Warnings(OAuthTest):
    arguments = ("--fault", "no-refresh-token,op=token")

    def test_reply_without_refresh_token(self):
        result = self.bacm("whoami", BACM_REFRESH_TOKEN=ADMIN_REFRESH)
        self.assertEqual(result.code, 0)
        self.assert_says(result, "warning", "offline_access")


def has_ipv6():
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False


def end_of(sock):
    """What comes until the other side closes."""
    data = b""
    try:
        while piece := sock.recv(4096):
            data += piece
    except ConnectionError:
        pass
    return data


if __name__ == "__main__":
    unittest.main()
