"""F5's BIG-IQ modules for Ansible (f5networks.f5_modules, a part of PyPI's `ansible`). The module bigiq_device_info lists devices.
No module kills sessions, so the kill goes through the client that all its modules share, which signs out by itself at its end."""

import json
import os
import subprocess
import sys

from ansible_collections.f5networks.f5_modules.plugins.module_utils.bigiq import F5RestClient

from simulator import KILL, OPERATOR, REQUEST, RESOLVER, SimulatorTest


class Ansible(SimulatorTest):
    def setUp(self):
        super().setUp()
        host, port = self.server.split(":")
        # The modules send telemetry to F5 unless they are told not to.
        self.provider = {
            "server": host,
            "server_port": int(port),
            "user": OPERATOR,
            "password": OPERATOR,
            "validate_certs": True,
            "auth_provider": "local",
            "no_f5_teem": True,
        }

    def module(self, **arguments):
        ansible = os.path.join(os.path.dirname(sys.executable), "ansible")
        environment = {
            **os.environ,
            "HOME": self.folder.name,
            "ANSIBLE_REMOTE_TEMP": self.folder.name,
            "ANSIBLE_LOAD_CALLBACK_PLUGINS": "1",
            "ANSIBLE_PYTHON_INTERPRETER": sys.executable,
            "ANSIBLE_STDOUT_CALLBACK": "ansible.builtin.oneline",
        }
        command = [ansible, "localhost", "-m", "f5networks.f5_modules.bigiq_device_info"]
        command += ["-a", json.dumps({"provider": self.provider, **arguments})]
        return subprocess.run(command, env=environment, capture_output=True, text=True)

    def test_the_module_lists_devices_and_signs_out(self):
        done = self.module(gather_subset=["managed-devices"])
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        devices = json.loads(done.stdout.split("=>", 1)[1])["managed_devices"]
        self.assertIn("red-a.example.test", [device["hostname"] for device in devices])
        self.assertEqual(len(self.requests("POST", "/mgmt/shared/authn/login")), 1)
        signed_out = self.requests("DELETE", "/mgmt/shared/authz/tokens/<token>")
        self.assertEqual([one["status"] for one in signed_out], [200])

    def test_the_client_of_the_modules_lists_kills_waits_and_signs_out(self):
        client = F5RestClient(provider=self.provider)
        named = "$filter=hostname+eq+'red-a.example.test'"
        self.assertEqual(len(client.api.get(f"{self.origin}{RESOLVER}?{named}").json()["items"]), 1)
        task = client.api.post(f"{self.origin}{KILL}", json=REQUEST).json()
        status = self.wait_for_end(lambda: client.api.get(f"{self.origin}{KILL}/{task['id']}").json()["status"])
        self.assertEqual(status, "FINISHED")
        self.assert_only_the_user_was_signed_out()
        client.reconnect()
        self.assertEqual(client.api.get(f"{self.origin}{KILL}").status, 200)
        token = client.access_token
        del client
        self.assert_signed_out(token)
