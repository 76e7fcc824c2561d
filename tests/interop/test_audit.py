#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Audit rows, as the second workspace sees them: one MERGE with parameters before anything is changed and one at the end, also
after Ctrl-C, of which a webhook hears, too; and nothing is begun when a required row cannot be written.

    test_audit.py CLXS
"""
import os
import signal
import subprocess
import sys
import tempfile

from fake_workspace import SqlError, Workspace
from test_clone_fake import fill
from test_notify import Listener


class Audited(Workspace):
    """Takes MERGE, and can interrupt the client when the first table is cloned."""

    def __init__(self):
        self.rows, self.client, self.refuse, self.interrupt = [], None, False, False
        super().__init__()

    def run(self, text, body):
        if text.startswith("MERGE INTO `ops`.`clxs`.`runs` "):
            if self.refuse:
                raise SqlError("INSUFFICIENT_PERMISSIONS", "42501", "no MODIFY")
            assert "src" not in text and "dst" not in text, "values are bound"
            self.rows.append(({p["name"]: p.get("value") for p in body["parameters"]}, len(self.log)))
            return [], []
        if self.interrupt and " CLONE " in text:
            self.interrupt = False
            self.client.send_signal(signal.SIGINT)
        return super().run(text, body)


def clone(clxs, workspace, required, **more):
    with tempfile.TemporaryDirectory() as home:
        env = {"PATH": "/usr/bin:/bin", "HOME": home, "XDG_STATE_HOME": home + "/state", "XDG_CACHE_HOME": home + "/cache",
               "XDG_DATA_HOME": home + "/data", "XDG_CONFIG_HOME": home + "/config", "DATABRICKS_HOST": workspace.url,
               "DATABRICKS_TOKEN": workspace.token, "DATABRICKS_WAREHOUSE_ID": "w1", "CLXS_AUDIT_TABLE": "ops.clxs.runs",
               "CLXS_AUDIT_REQUIRED": str(required), **more, **{k: v for k, v in os.environ.items() if k.endswith("SAN_OPTIONS")}}
        workspace.client = subprocess.Popen([clxs, "clone", "-s", "src", "-d", "dst", "--max-workers", "2"], env=env,
                                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        _, errors = workspace.client.communicate()
        assert "Sanitizer" not in errors and "runtime error" not in errors, errors
        return workspace.client.returncode, errors


def both_ends(clxs):
    workspace = Audited()
    fill(workspace, tables=5)
    code, errors = clone(clxs, workspace, False)
    assert code == 0, errors
    (first, before), (last, _) = workspace.rows
    assert before == 0, "something was changed before the row was written"
    assert first["state"] == "running" and first["source"] == "src" and first["ended_at"] is None, first
    assert last["state"] == "succeeded" and last["operation_id"] == first["operation_id"] and last["ended_at"], last
    assert "max-workers" in first["arguments"] and workspace.token not in str(workspace.rows), first
    workspace.close()


def interrupted(clxs):
    workspace = Audited()
    fill(workspace, tables=5)
    workspace.interrupt = True
    listener = Listener()
    code, errors = clone(clxs, workspace, False, CLXS_WEBHOOK_URL=listener.url + "/x")
    assert code == 130, (code, errors)
    assert [row["state"] for row, _ in workspace.rows] == ["running", "cancelled"], workspace.rows
    assert [event["status"] for _, _, event in listener.seen] == ["cancelled"], listener.seen
    workspace.close()


def refused(clxs):
    for required in (True, False):
        workspace = Audited()
        fill(workspace, tables=5)
        workspace.refuse = True
        code, errors = clone(clxs, workspace, required)
        assert (code == 0) == (not required), (code, errors)
        assert bool(workspace.log) == (not required), "something was begun without its row"
        assert "audit row" in errors, errors
        workspace.close()


if __name__ == "__main__":
    for test in (both_ends, interrupted, refused):
        test(sys.argv[1])
        print("ok", test.__name__)
