"""The compose file, the chart and the Kubernetes manifests: valid by their schemas, and as strict as docs/install.md says. UPDATE=1 writes
the manifests, which are the chart with its own values."""

import json
import os
import re
import subprocess
import sys
import unittest
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

from chart import render, values_of

ROOT = Path(__file__).parents[2]
CHART = ROOT / "deploy/helm/curfew"
MANIFESTS = ROOT / "deploy/kubernetes/curfew.yaml"
NOTE = """# Curfew in Kubernetes, without Helm: the chart in ../helm/curfew with its own values, written by tests/deploy. Change the image, the
# settings (env) and BIG-IQ's address in the NetworkPolicy. It needs a ConfigMap curfew-bigiq with bigiq-ca.pem, and a Secret curfew-tls:
#   kubectl create configmap curfew-bigiq --from-file=bigiq-ca.pem
#   kubectl create secret tls curfew-tls --cert=curfew.crt --key=curfew.key
# values.yaml of the chart explains each choice.
"""
#: Values that take every branch of the templates.
FORMS = {
    "its own values": {},
    "everything": {
        "image": {"digest": f"sha256:{'0' * 64}"},
        "imagePullSecrets": [{"name": "registry"}],
        "replicas": 2,
        "settings": {"CURFEW_TRUSTED_PROXIES": "10.0.0.0/8", "CURFEW_IDLE_MINUTES": 5, "CURFEW_CANCEL": True},
        "service": {"type": "LoadBalancer", "sessionAffinity": "ClientIP", "annotations": {"a": "b"}},
        "ingress": {"enabled": True, "className": "nginx", "annotations": {"a": "b"}, "tlsSecret": "front"},
        "networkPolicy": {"from": [{"namespaceSelector": {"matchLabels": {"name": "ingress"}}}]},
        "nodeSelector": {"disk": "ssd"},
        "tolerations": [{"key": "a", "operator": "Exists"}],
        "affinity": {"nodeAffinity": {}},
    },
    "without TLS and policy": {"tls": {"enabled": False}, "networkPolicy": {"enabled": False}},
}


def tool(*command, text=None):
    """Runs a tool of this Python's folder: its exit code and output."""
    program = Path(sys.executable).with_name(command[0])
    done = subprocess.run([program, *command[1:]], input=text, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


class Deploy(unittest.TestCase):
    def accepts(self, *command, text=None):
        code, output = tool(*command, text=text)
        self.assertEqual(code, 0, output)

    def kubernetes(self, text):
        file = Path(self.enterContext(TemporaryDirectory())) / "all.yaml"
        file.write_text(text)
        return tool("kubernetes-validate", "--strict", "--no-warn", str(file))

    def of_kind(self, kind, changes=None):
        documents = yaml.safe_load_all(render(CHART, changes or {}))
        return next((one for one in documents if one["kind"] == kind), None)

    def test_the_compose_file_is_valid(self):
        self.accepts("check-jsonschema", "--builtin-schema", "vendor.compose-spec", str(ROOT / "deploy/compose.yaml"))

    def test_a_wrong_compose_file_is_noticed(self):
        text = (ROOT / "deploy/compose.yaml").read_text().replace("read_only:", "readonly:")
        self.assertNotEqual(tool("check-jsonschema", "--builtin-schema", "vendor.compose-spec", "-", text=text)[0], 0)

    def test_each_form_of_the_chart_is_valid(self):
        for name, changes in FORMS.items():
            with self.subTest(name):
                code, output = self.kubernetes(render(CHART, changes))
                self.assertEqual(code, 0, output)

    def test_a_wrong_manifest_is_noticed(self):
        code, _ = self.kubernetes(render(CHART, {}).replace("readOnlyRootFilesystem", "readOnlyRoot"))
        self.assertNotEqual(code, 0)

    def test_the_values_follow_their_schema(self):
        schema = str(CHART / "values.schema.json")
        self.accepts("check-jsonschema", "--check-metaschema", schema)
        for changes in FORMS.values():
            self.accepts("check-jsonschema", "--schemafile", schema, "-", text=json.dumps(values_of(CHART, changes)))
        for wrong in ({"replica": 2}, {"settings": {"CURFEW_LISTEN": "80"}}, {"settings": {"IDLE": 5}}, {"replicas": "two"}, {"tls": {"enabled": "off"}}):
            text = json.dumps(values_of(CHART, wrong))
            self.assertNotEqual(tool("check-jsonschema", "--schemafile", schema, "-", text=text)[0], 0, wrong)

    def test_the_manifests_are_the_chart_with_its_own_values(self):
        wanted = NOTE + render(CHART, {})
        if os.environ.get("UPDATE"):
            MANIFESTS.write_text(wanted)
        self.assertEqual(MANIFESTS.read_text(), wanted)

    def test_the_pod_is_strict(self):
        pod = self.of_kind("Deployment")["spec"]["template"]["spec"]
        (container,) = pod["containers"]
        self.assertFalse(pod["automountServiceAccountToken"])
        self.assertFalse(pod["enableServiceLinks"])
        self.assertTrue(pod["securityContext"]["runAsNonRoot"])
        self.assertEqual(pod["securityContext"]["seccompProfile"], {"type": "RuntimeDefault"})
        wanted = {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}}
        self.assertEqual(container["securityContext"], wanted)
        self.assertGreater(pod["terminationGracePeriodSeconds"], 75)

    def test_one_pod_and_never_two_at_the_same_time(self):
        spec = self.of_kind("Deployment")["spec"]
        self.assertEqual((spec["replicas"], spec["strategy"]), (1, {"type": "Recreate"}))

    def test_the_policy_lets_curfew_connect_to_bigiq_only(self):
        spec = self.of_kind("NetworkPolicy")["spec"]
        self.assertEqual(spec["policyTypes"], ["Ingress", "Egress"])
        self.assertEqual(spec["egress"], [{"to": [{"ipBlock": {"cidr": "192.0.2.10/32"}}], "ports": [{"port": 443}]}])

    def test_tls_and_its_absence(self):
        for enabled, scheme, setting in ((True, "HTTPS", "on"), (False, "HTTP", "off")):
            pod = self.of_kind("Deployment", {"tls": {"enabled": enabled}})["spec"]["template"]["spec"]
            (container,) = pod["containers"]
            self.assertEqual(container["livenessProbe"]["httpGet"]["scheme"], scheme)
            self.assertIn({"name": "CURFEW_TLS", "value": setting}, container["env"])
            sources = pod["volumes"][0]["projected"]["sources"]
            self.assertEqual(any("secret" in source for source in sources), enabled)

    def test_all_versions_are_that_of_the_release(self):
        version = re.search(r'\[workspace\.package\]\nversion = "(.*)"', (ROOT / "Cargo.toml").read_text())[1]
        about = yaml.safe_load((CHART / "Chart.yaml").read_text())
        self.assertEqual([about["version"], about["appVersion"]], [version, version])
        services = yaml.safe_load((ROOT / "deploy/compose.yaml").read_text())["services"]
        self.assertEqual([one["image"] for one in services.values()], [f"curfew:{version}", f"curfew-demo:{version}"])

    def test_settings_are_those_that_the_image_knows(self):
        page = (ROOT / "docs/install.md").read_text()
        services = yaml.safe_load((ROOT / "deploy/compose.yaml").read_text())["services"]
        container = self.of_kind("Deployment")["spec"]["template"]["spec"]["containers"][0]
        for name in [*services["curfew"]["environment"], *(one["name"] for one in container["env"])]:
            self.assertIn(f"`{name}`", page)


if __name__ == "__main__":
    unittest.main()
