"""bacm login --device, and what bacm logout says to the issuer."""

import io
import time
import unittest

from support import PATIENCE, V13, LoginTest


class Devices(LoginTest):
    def agree_elsewhere(self, process, answer="yes"):
        said = ""
        while "/device" not in said:
            line = process.stderr.readline()
            self.assertTrue(line, said)
            said += line
        code = process.stderr.readline().strip()
        self.assertEqual(self.sim.request("GET", f"/device?user_code={code}&answer={answer}")[0],
                         200)

    def device(self, **variables):
        process = self.start("login", "--device",
                             BACM_DEVICE_URL=self.sim.ready["deviceUrl"], **variables)
        process.stderr = io.TextIOWrapper(process.stderr)
        return process

    def test_device(self):
        process = self.device()
        while not self.token_calls():
            time.sleep(0.02)
        self.agree_elsewhere(process)
        _, err = process.communicate(timeout=60 * PATIENCE)
        self.assertEqual(process.returncode, 0, err)
        self.assertEqual(self.token_calls()[0]["outcome"], "oauth:authorization_pending")
        self.assertEqual(self.bacm("whoami").code, 0)

    def test_device_denied(self):
        process = self.device()
        self.agree_elsewhere(process, "no")
        _, err = process.communicate(timeout=60 * PATIENCE)
        self.assertEqual(process.returncode, 4, err)
        self.assertIn(b"authorization_declined", err)
        self.assertIn(b"The user did not agree: sign in again.", err)
        self.assertFalse(self.token_file.exists())

    def test_device_has_nothing_to_paste(self):
        result = self.bacm("login", "--device", "--paste")
        self.assertEqual(result.code, 2)
        self.assert_says(result, "--device and --paste exclude each other")

    def test_device_where_the_platform_has_none(self):
        if V13: # its platform has one
            return
        result = self.bacm("login", "--device")
        self.assertEqual(result.code, 2)
        self.assert_says(result, "no sign-in for devices")

    def test_nobody_is_asked_when_nothing_can_be_stored(self):
        self.write("file", "")
        result = self.bacm("login", BACM_TOKEN_FILE="file/token")
        self.assertEqual(result.code, 2)
        self.assertNotIn("://", result.err)

    def test_logout_revokes(self):
        self.log_in()
        stored = self.stored_token()
        result = self.bacm("logout", BACM_REVOKE_URL=self.sim.ready["revokeUrl"])
        self.assertEqual(result.code, 0)
        self.assert_says(result, "has revoked the token")
        self.assertFalse(self.token_file.exists())
        result = self.bacm("whoami", BACM_REFRESH_TOKEN=stored)
        self.assertEqual(result.code, 4)
        self.assert_says(result, "invalid_grant")

    def test_logout_says_that_it_cannot_revoke(self):
        self.log_in()
        result = self.bacm("logout")
        self.assertEqual(result.code, 0)
        self.assert_says(result, "lasts", "withdraws the consent")
        self.log_in()
        result = self.bacm("logout", BACM_REVOKE_URL="http://127.0.0.1:9/")
        self.assertEqual(result.code, 0)
        self.assert_says(result, "warning: the token is not revoked")
        self.assertFalse(self.token_file.exists())


if __name__ == "__main__":
    unittest.main()
