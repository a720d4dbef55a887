"""Starts the simulator with TLS on a free loopback port, and reads what a client really did from its session table."""

import json
import os
import ssl
import subprocess
import tempfile
import unittest
import unittest.mock
import urllib.error
import urllib.request

USER = "user2"
CLUSTER = "RedCluster"
KILL = "/mgmt/cm/access/tasks/kill-sessions"
RESOLVER = "/mgmt/cm/system/machineid-resolver"
RED_A = "901695c8-f405-489f-9996-54f7b21da642"
# The sessions of USER on the active unit of CLUSTER.
TO_END = {(RED_A, "2a5d7604"), (RED_A, "875f7fed")}
REQUEST = {"action": "KILL_BY_USER", "userName": USER, "clusterNames": [CLUSTER]}
# An Access Manager. Each account's password is its name.
OPERATOR = "manager"


class SimulatorTest(unittest.TestCase):
    """A test with its own simulator."""

    profile = "8.x"

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        # Nobody signs in again, so the session table shows exactly what was ended.
        command = [os.environ["CURFEW_SIMULATOR"], "--listen", "127.0.0.1:0", "--profile", self.profile]
        command += ["--set", "returningPerMille=0", "--tls", "--tls-out", self.folder.name]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.addCleanup(self.stop)
        self.origin = self.process.stdout.readline().split()[-1].rstrip("/")
        self.server = self.origin.removeprefix("https://")
        self.authority = os.path.join(self.folder.name, "ca.pem")
        # Both are the system's way to name an authority; requests prefers it to what its caller says.
        names = {"REQUESTS_CA_BUNDLE": self.authority, "SSL_CERT_FILE": self.authority}
        environment = unittest.mock.patch.dict(os.environ, names)
        environment.start()
        self.addCleanup(environment.stop)
        self.tls = ssl.create_default_context(cafile=self.authority)
        self.before = self.sessions()
        self.assertLessEqual(TO_END, self.before)

    def stop(self):
        self.process.stdout.close()
        self.process.terminate()
        self.process.wait()

    def read(self, path, token=None, body=None):
        """The status and the JSON of an answer."""
        headers = {"X-F5-Auth-Token": token} if token else {}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.origin + path, data, headers)
        try:
            with urllib.request.urlopen(request, context=self.tls) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, None

    def sessions(self):
        """The live sessions as (device, id)."""
        return {(one["device"], one["id"]) for one in self.read("/_sim/sessions")[1]}

    def requests(self, method, path):
        """The calls that the client made, without its tokens."""
        return [one for one in self.read("/_sim/requests")[1] if one["method"] == method and one["path"] == path]

    def wait_for_end(self, read_status):
        """Reads a task's status through the client until the task ends."""
        for _ in range(20):
            status = read_status()
            if status not in ("CREATED", "STARTED"):
                return status
            self.read("/_sim/clock", body={"advanceMs": 1000})
        self.fail("the task does not end")

    def assert_only_the_user_was_signed_out(self):
        """Judges at the session table: the named sessions have ended, and no other."""
        self.assertEqual(self.before - self.sessions(), TO_END)
        started = self.requests("POST", KILL)
        self.assertEqual([json.loads(one["body"]) for one in started], [REQUEST])
        self.assertEqual(started[0]["operator"], OPERATOR)

    def assert_signed_out(self, token):
        """The token does not work any more."""
        self.assertEqual(self.read(KILL, token)[0], 401)
