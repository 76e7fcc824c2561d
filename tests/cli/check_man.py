#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The manual says what the manifests say: a page for every command, and in it every flag, argument and setting that the
manifest has, and no flag that it has not. Where groff is there, it has nothing to complain about. docs/CONFIGURATION.md has
a row for every setting of the host.

    check_man.py CLXS SOURCE_FOLDER
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile


def plain(roff):
    """The text without fonts and escapes."""
    text = re.sub(r"\\f[BRI]", "", roff).replace("\\-", "-").replace("\\&", "").replace("\\(cq", "'")
    return text.replace("\\e", "\\")


def section(text, name):
    found = re.search(rf"^\.SH {name}\n(.*?)(?=^\.SH |\Z)", text, re.S | re.M)
    return found.group(1) if found else ""


def titles(text):
    return re.findall(r"^\.TP\n(.*)$", text, re.M)


def typed(flag):
    return f"--no-{flag['name']}" if flag.get("type") == "boolean" and flag.get("default") is True else f"--{flag['name']}"


def all_flags(command, commands):
    """Its own flags, and those that it takes from another command."""
    own = command.get("flags", [])
    named = {flag["name"] for flag in own} | set(command.get("without", []))
    base = next((other for other in commands if other["name"] == command.get("flags_from")), {})
    return [flag for flag in own + [f for f in base.get("flags", []) if f["name"] not in named] if not flag.get("hidden")]


def check_page(path, command, commands, keys):
    """What is wrong with one page."""
    if not path.exists():
        return [f"{path.name}: there is no such page"]
    text = plain(path.read_text())
    shown = {re.search(r"--[a-z-]+", title).group(0) for title in titles(section(text, "OPTIONS"))}
    flags = all_flags(command, commands)
    wanted = {typed(flag) for flag in flags}
    wrong = [f"{path.name}: {flag} is missing" for flag in wanted - shown]
    wrong += [f"{path.name}: {flag} is in no manifest" for flag in shown - wanted]
    if command["name"] != "clxs":
        settings = set(titles(section(text, "SETTINGS")))
        fed = {flag["config"] for flag in flags if "config" in flag} & keys
        wrong += [f"{path.name}: the setting {key} is missing" for key in fed - settings]
        arguments = set(titles(section(text, "ARGUMENTS")))
        named = {arg["name"].upper().replace("-", "_") for arg in command.get("args", [])}
        wrong += [f"{path.name}: the argument {name} is missing" for name in named - arguments]
    if shutil.which("groff"):
        done = subprocess.run(["groff", "-man", "-Tutf8", "-ww", "-z", str(path)], capture_output=True, text=True, check=False)
        wrong += [f"{path.name}: groff: {line}" for line in done.stderr.splitlines()]
    return wrong


def check_settings(clxs, page, env):
    """docs/CONFIGURATION.md has a row for every setting of the host, and no other."""
    done = subprocess.run([clxs, "--no-plugins", "config", "show", "-o", "json"], capture_output=True, check=True, env=env)
    wanted = {row["key"] for row in json.loads(done.stdout)}
    table = page.read_text().split("## Settings of clxs itself")[1].split("\n## ")[0]
    shown = set(re.findall(r"^\| `([a-z_.]+)` \|", table, re.M))
    return [f"{page.name}: {key} is missing" for key in wanted - shown] + [f"{page.name}: there is no {key}" for key in shown - wanted]


def main():
    clxs, source = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2])
    manifests = [source / "host/cmd/host.json", *sorted(source.glob("plugins/*/plugin.json"))]
    wrong, wanted = [], set()
    with tempfile.TemporaryDirectory(prefix="clxs-man-") as folder:
        home = pathlib.Path(folder).resolve()
        env = {**os.environ, "HOME": folder, "XDG_CACHE_HOME": f"{folder}/cache"}
        subprocess.run(["cmake", "-P", str(source / "scripts/man"), str(clxs), str(home / "man")], check=True, env=env)
        for manifest in manifests:
            document = json.loads(manifest.read_text())
            keys = {key["key"] for key in document.get("config", [])}
            commands = document.get("commands", [])
            for command in commands:
                name = "clxs" if command["name"] == "clxs" else "clxs-" + command["name"].replace(" ", "-")
                if command.get("hidden") and name != "clxs":
                    continue
                wanted.add(f"{name}.1")
                wrong += check_page(home / "man" / f"{name}.1", command, commands, keys)
        wrong += check_settings(clxs, source / "docs/CONFIGURATION.md", env)
        wrong += [f"{path.name}: no manifest has this command" for path in (home / "man").iterdir() if path.name not in wanted]
    print(*wrong, sep="\n")
    return 1 if wrong or len(wanted) < 10 else 0


if __name__ == "__main__":
    sys.exit(main())
