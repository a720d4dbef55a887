"""BIGREST: a client library for BIG-IP and BIG-IQ."""

from bigrest.bigiq import BIGIQ
from bigrest.common.exceptions import RESTAPIError

from simulator import KILL, OPERATOR, REQUEST, RESOLVER, SimulatorTest


class BigrestTest(SimulatorTest):
    def sign_in(self):
        return BIGIQ(
            self.server, OPERATOR, OPERATOR, login_provider="local", request_token=True, session_verify=self.authority
        )


class Bigrest(BigrestTest):
    # It takes no status but 202 for a started task.
    profile = "7.1"

    def test_signs_in_lists_kills_waits_and_signs_out(self):
        bigiq = self.sign_in()
        devices = [device.properties["hostname"] for device in bigiq.load(RESOLVER)]
        self.assertIn("red-a.example.test", devices)
        self.assertTrue(bigiq.exist(f"{RESOLVER}?$filter=hostname+eq+'red-a.example.test'"))
        task = bigiq.task_start(KILL, REQUEST)
        bigiq.task_wait(task, interval=0)
        self.assertTrue(bigiq.task_completed(task))
        self.assert_only_the_user_was_signed_out()
        # It has no call for signing out: its own DELETE, of the token that its session holds.
        token = bigiq.session.headers["X-F5-Auth-Token"]
        bigiq.delete(f"/mgmt/shared/authz/tokens/{token}")
        self.assert_signed_out(token)

    def test_exchanges_a_refresh_token(self):
        bigiq = self.sign_in()
        sign_in = {"username": OPERATOR, "password": OPERATOR, "loginProviderName": "local"}
        refresh = bigiq.create("/mgmt/shared/authn/login", sign_in).properties["refreshToken"]["token"]
        exchanged = BIGIQ(self.server, refresh_token=refresh, session_verify=self.authority)
        self.assertGreater(len(exchanged.load(KILL)), 0)

    def test_a_failed_task_is_an_error(self):
        bigiq = self.sign_in()
        task = bigiq.task_start(KILL, {**REQUEST, "clusterNames": ["NoSuchCluster"]})
        with self.assertRaisesRegex(RESTAPIError, "No matching device"):
            bigiq.task_wait(task, interval=0)
        self.assertEqual(self.sessions(), self.before)


class BigrestWithout202(BigrestTest):
    def test_reports_an_error_although_the_task_runs(self):
        bigiq = self.sign_in()
        with self.assertRaisesRegex(RESTAPIError, "Status:\n200"):
            bigiq.task_start(KILL, REQUEST)
        newest = f"{KILL}?$orderby=lastUpdateMicros+desc&$top=1"
        self.assertEqual(self.wait_for_end(lambda: bigiq.load(newest)[0].properties["status"]), "FINISHED")
        self.assert_only_the_user_was_signed_out()
