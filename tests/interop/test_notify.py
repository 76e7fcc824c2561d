#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Notifications, as those who are told see them: what arrives for a good run, a failed one and a dry run; that an address
which fails changes nothing; and that no address or header shows up anywhere else.

    test_notify.py CLXS
"""
import http.server
import json
import os
import subprocess
import sys
import tempfile
import threading

SECRET = "sEcReT-part"


class Listener:
    """Keeps what arrives; answers 503 once on /flaky and 500 always on /bad."""

    def __init__(self):
        self.seen, listener = [], self

        class Handler(http.server.BaseHTTPRequestHandler):
            def log_message(self, *args):
                pass

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                listener.seen.append((self.path, dict(self.headers), json.loads(body)))
                first = sum(path == self.path for path, _, _ in listener.seen) == 1
                self.send_response(500 if "bad" in self.path else 503 if "flaky" in self.path and first else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def take(self):
        seen, self.seen = self.seen, []
        return seen


def main():
    clxs, listener = sys.argv[1], Listener()
    with tempfile.TemporaryDirectory() as home:
        env = {"PATH": "/usr/bin:/bin", "HOME": home, **{f"XDG_{k}_HOME": f"{home}/{k}" for k in ("STATE", "CACHE", "DATA", "CONFIG")},
               "DATABRICKS_HOST": "sandbox:case", **{k: v for k, v in os.environ.items() if k.endswith("SAN_OPTIONS")}}

        def run(*words):
            done = subprocess.run([clxs, *words], env=env, cwd=home, capture_output=True, text=True, check=False)
            assert SECRET not in done.stdout + done.stderr, "an address or a header is shown"
            assert "Sanitizer" not in done.stderr and "runtime error" not in done.stderr, done.stderr
            return done

        subprocess.run([clxs, "sandbox", "seed", "demo", "--name", "case"], env=env, check=True, stdout=subprocess.DEVNULL)
        with open(f"{home}/clxs.yaml", "w") as file:
            json.dump({"webhook": {"url": f"{listener.url}/flaky/{SECRET}", "headers": {"X-Key": SECRET}},
                       "slack_webhook_url": f"{listener.url}/slack/{SECRET}",
                       "teams_webhook_url": f"{listener.url}/bad/{SECRET}"}, file)

        done = run("clone", "-s", "demo", "-d", "copy", "--include-schemas", "sales", "--debug")
        assert done.returncode == 0, done.stderr
        assert "Teams was not told" in done.stderr, done.stderr
        events = listener.take()
        generic = [(headers, body) for path, headers, body in events if "flaky" in path]
        assert len(generic) == 2, "a webhook that is busy is told again"
        headers, event = generic[1]
        assert headers["X-Key"] == SECRET and "Authorization" not in headers, headers
        assert event["event"] == "clone.finished" and event["command"] == "clone" and event["status"] == "succeeded", event
        assert event["source"] == "demo" and event["destination"] == "copy" and event["counts"]["failed"] == 0, event
        assert event["error"] is None and event["started_at"] <= event["ended_at"], event
        assert any("slack" in path and body["blocks"] for path, _, body in events)

        done = run("clone", "-s", "demo", "-d", "copy", "--include-schemas", "sales", "--dry-run")
        assert done.returncode == 0 and not listener.take(), "a dry run tells nobody"

        done = run("clone", "-s", "nothing", "-d", "copy2")
        assert done.returncode != 0
        event = [body for path, _, body in listener.take() if "flaky" in path][0]
        assert event["status"] == "failed" and "nothing" in event["error"] and event["counts"] is None, event

        shown = run("config", "show", "-o", "json")
        assert shown.returncode == 0 and '"***"' in shown.stdout
    print("ok")


if __name__ == "__main__":
    main()
