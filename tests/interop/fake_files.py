# SPDX-License-Identifier: Apache-2.0
"""The Files API of the second workspace, written from the public documentation, with the faults that long transfers meet:
a download that breaks off in the middle ("cut"), a server that answers a Range with everything ("whole"), an upload whose
connection is reset half way ("halfway").

Awkward on purpose: listings come in pages of 3, the first of them empty; sizes are text; an empty directory has no list;
some directories end in a slash. `uploads` counts the uploads of each path that took effect, `ranges` the downloads that
were taken up again.
"""
import collections
import email.utils
import re
import time
import urllib.parse

from fake_workspace import Workspace

PREFIX = "/api/2.0/fs/"


class FilesWorkspace(Workspace):
    def __init__(self, **more):
        self.files, self.directories, self.uploads, self.ranges = {}, set(), collections.Counter(), 0
        self.on_read = None  # called with the path when a download begins
        super().__init__(**more)

    def put(self, path, content, at=None):
        """Content and seconds since 1970; directories come with it."""
        with self.lock:
            self.files[path] = (content, int(time.time()) if at is None else at)
            parts = path.split("/")
            self.directories |= {"/".join(parts[:n]) for n in range(4, len(parts))}

    def serve(self, handler):
        url = urllib.parse.urlsplit(handler.path)
        if not url.path.startswith(PREFIX):
            return super().serve(handler)
        kind, _, path = url.path[len(PREFIX):].partition("/")
        path = "/".join(urllib.parse.unquote(part) for part in path.strip("/").split("/"))
        fault, length = self.draw(), int(handler.headers.get("Content-Length") or 0)
        if fault == "halfway" and length:
            handler.rfile.read(length // 2)
            return self.reset(handler)
        body = handler.rfile.read(length)
        if handler.headers.get("Authorization") != "Bearer " + self.token:
            return self.reply(handler, 401, {"error_code": "UNAUTHENTICATED", "message": "no"})
        if fault == "reset":
            return self.reset(handler)
        if fault in ("429", "503"):
            return self.reply(handler, int(fault), {"error_code": "RESOURCE_EXHAUSTED", "message": "later"})
        if (kind, handler.command) in (("files", "GET"), ("files", "HEAD")):
            return self.send(handler, path, fault)
        with self.lock:
            status, answer = self.change(kind, handler.command, path, body,
                                         dict(urllib.parse.parse_qsl(url.query, keep_blank_values=True)))
        if fault == "reset_after":
            return self.reset(handler)
        return self.reply(handler, status, answer)

    def exists(self, path):
        return path in self.directories or ".".join(path.split("/")[1:4]).lower() in self.state.volumes and path.count("/") == 3

    def change(self, kind, method, path, body, query):
        missing = {"error_code": "NOT_FOUND", "message": f"/{path} does not exist."}
        if ".".join(path.split("/")[1:4]).lower() not in self.state.volumes:
            return 404, missing
        if kind == "directories" and method == "GET":
            return (200, self.listing(path, query.get("page_token"))) if self.exists(path) else (404, missing)
        if kind == "directories" and method == "PUT":
            parts = path.split("/")
            self.directories |= {"/".join(parts[:n]) for n in range(4, len(parts) + 1)}
            return 204, None
        if kind == "files" and method == "PUT":
            if path in self.files and query.get("overwrite") == "false":
                return 409, {"error_code": "ALREADY_EXISTS", "message": f"/{path} exists."}
            self.put(path, body)
            self.uploads[path] += 1
            return 204, None
        if kind == "files" and method == "DELETE":
            return (204, None) if self.files.pop(path, None) else (404, missing)
        return 404, {"error_code": "ENDPOINT_NOT_FOUND", "message": "No API found for that"}

    def listing(self, directory, token):
        if token is None:
            return {"next_page_token": "0"}
        inside = re.compile(re.escape(directory) + "/[^/]+")
        found = [{"path": f"/{path}/", "name": path.rsplit("/", 1)[1], "is_directory": True, "new_field": []}
                 for path in sorted(self.directories) if inside.fullmatch(path)]
        found += [{"path": f"/{path}", "name": path.rsplit("/", 1)[1], "is_directory": False, "file_size": str(len(content)),
                   "last_modified": str(at * 1000)} for path, (content, at) in sorted(self.files.items()) if inside.fullmatch(path)]
        start = int(token)
        answer = {"contents": found[start:start + 3]} if found else {}
        if start + 3 < len(found):
            answer["next_page_token"] = str(start + 3)
        return answer

    def send(self, handler, path, fault):
        with self.lock:
            content, at = self.files.get(path, (None, 0))
        if content is None:
            return self.reply(handler, 404, {"error_code": "NOT_FOUND", "message": "no such file"})
        headers, status = {"Last-Modified": email.utils.formatdate(at, usegmt=True)}, 200
        since = handler.headers.get("If-Unmodified-Since")
        if since and email.utils.parsedate_to_datetime(since).timestamp() < at:
            return self.reply(handler, 412, {"error_code": "FAILED_PRECONDITION", "message": "modified"})
        asked = re.fullmatch(r"bytes=(\d+)-", handler.headers.get("Range") or "")
        if asked:
            self.ranges += 1
        if asked and fault != "whole":
            start, total = int(asked[1]), len(content)
            content, status = content[start:], 206
            headers["Content-Range"] = f"bytes {start}-{total - 1}/{total}"
        handler.send_response(status)
        for key, value in {"Content-Type": "application/octet-stream", "Content-Length": str(len(content)), **headers}.items():
            handler.send_header(key, value)
        handler.end_headers()
        if handler.command == "HEAD":
            return None
        if self.on_read:
            self.on_read(path)
        if fault == "cut" and len(content) > 1:
            handler.wfile.write(content[:len(content) // 2])
            handler.wfile.flush()
            return self.reset(handler)
        handler.wfile.write(content)
        return None
