#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Make a virtual environment with the official Databricks SDK, start a sandbox, and run test_sandbox_sdk.py against it.

    run_sandbox_sdk.py CLXS VENV

Exits with 77 (skipped) when the SDK cannot be installed. The environment is kept for the next run.
"""
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import venv

HERE = pathlib.Path(__file__).resolve().parent


def sdk_python(directory):
    """The interpreter of an environment that has the SDK, or None."""
    python = directory / "bin" / "python"
    have = [str(python), "-c", "import databricks.sdk"]
    if python.exists() and subprocess.run(have, capture_output=True).returncode == 0:
        return python
    venv.create(directory, with_pip=True, clear=True)
    done = subprocess.run([str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
                           "databricks-sdk"], capture_output=True, text=True)
    if done.returncode == 0:
        return python
    print("skipped: pip cannot install databricks-sdk:", done.stderr.strip().splitlines()[-1:])
    return None


def main():
    clxs, directory = sys.argv[1], pathlib.Path(sys.argv[2])
    python = sdk_python(directory)
    if not python:
        return 77
    with tempfile.TemporaryDirectory(prefix="clxs-sdk-") as home:
        env = {"PATH": os.environ["PATH"], "HOME": home}
        if "ASAN_OPTIONS" in os.environ:
            env["ASAN_OPTIONS"] = os.environ["ASAN_OPTIONS"]
        server = subprocess.Popen(
            [clxs, "sandbox", "serve", "--port", "0", "--token", "dapi-admin", "--user", "bob@example.com:dapi-bob",
             "--client-id", "3c0e1f6a-5555-4666-8777-888899990000", "--client-secret", "dose-secret&+%",
             "--chunk-bytes", "4096", "--state", home + "/state.db"],
            stdout=subprocess.PIPE, text=True, env=env)
        try:
            url = server.stdout.readline().strip()
            tests = subprocess.run([str(python), str(HERE / "test_sandbox_sdk.py")],
                                   env={**env, "SANDBOX_URL": url}).returncode
        finally:
            server.send_signal(signal.SIGTERM)
            ended = server.wait(timeout=60)
    if ended != 0:
        print("the sandbox ended with exit code", ended)
    return tests or ended


if __name__ == "__main__":
    sys.exit(main())
