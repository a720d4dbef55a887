"""f5-sdk: F5's own Python SDK, in its last version. It knows device groups, but neither the machineid-resolver nor kill tasks, and
it has no call for signing out. So those three go through the session that it signs in with (f5-icontrol-rest)."""

from f5.bigiq import ManagementRoot
from icontrol.exceptions import iControlUnexpectedHTTPError

from simulator import KILL, OPERATOR, REQUEST, RESOLVER, SimulatorTest


class F5Sdk(SimulatorTest):
    def sign_in(self, user=OPERATOR, provider="local"):
        host, port = self.server.split(":")
        return ManagementRoot(host, user, user, port=port, auth_provider=provider, verify=self.authority)

    def test_signs_in_lists_kills_waits_and_signs_out(self):
        bigiq = self.sign_in()
        self.assertEqual(bigiq.tmos_version, "8.3.0")
        groups = bigiq.shared.resolver.device_groups
        devices = groups.cm_bigip_allbigipdevices.devices_s.get_collection()
        self.assertIn("red-a.example.test", [device.hostname for device in devices])
        session = bigiq._meta_data["icr_session"]
        trusted = session.get(f"{self.origin}{RESOLVER}?$filter=hostname+eq+'red-a.example.test'").json()["items"]
        self.assertEqual(len(trusted), 1)
        task = session.post(f"{self.origin}{KILL}", json=REQUEST).json()
        status = self.wait_for_end(lambda: session.get(f"{self.origin}{KILL}/{task['id']}").json()["status"])
        self.assertEqual(status, "FINISHED")
        self.assert_only_the_user_was_signed_out()
        token = session.session.auth.token
        session.delete(f"{self.origin}/mgmt/shared/authz/tokens/{token}")
        self.assert_signed_out(token)

    def test_finds_the_provider_of_a_remote_user(self):
        bigiq = self.sign_in("remote-manager", "CorpRadius")
        self.assertEqual(bigiq.tmos_version, "8.3.0")

    def test_a_viewer_may_not_kill(self):
        bigiq = self.sign_in("viewer")
        with self.assertRaisesRegex(iControlUnexpectedHTTPError, "Authorization failed"):
            bigiq._meta_data["icr_session"].post(f"{self.origin}{KILL}", json=REQUEST)
        self.assertEqual(self.sessions(), self.before)
