"""The real service, as `npm start` runs it, with its own database or that of DATABASE_URL; and an unreliable proxy for it."""

from __future__ import annotations

import contextlib
import http.client
import os
import random
import re
import shutil
import subprocess
import tempfile
import threading
import time
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.request import urlopen

ROOT = Path(__file__).parents[3]
NODE = os.environ.get("NODE") or shutil.which("node", path=f"{ROOT}/node_modules/.bin:{os.environ['PATH']}")
#: Why there is no service to test with, or None.
MISSING = None if NODE and (ROOT / "node_modules").is_dir() else "the service needs Node.js and `npm ci`"


class LocalService:
    def __init__(self) -> None:
        self._data = tempfile.TemporaryDirectory()
        self._moved = Path(self._data.name, "moved-clock")
        self._moved.write_text("0")
        settings = {"PORT": "0", "INBOX_PORT": "0", "LOG_LEVEL": "SILENT", "DATA_DIR": self._data.name}
        clock = {
            "NODE_OPTIONS": f"--import {Path(__file__).with_name('moved_clock.mjs')}",
            "MOVED_CLOCK": str(self._moved),
        }
        self._process = subprocess.Popen(
            [str(NODE), "cli/main.ts", "start"],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], "DATABASE_URL": os.environ.get("DATABASE_URL", ""), **settings, **clock},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert self._process.stdout
        output = ""
        for line in self._process.stdout:
            output += line
            if line.startswith("Ready."):
                break
        else:
            raise RuntimeError(f"npm start ended: {output}")
        found = re.search(r"^API +(http\S+)$", output, re.MULTILINE)
        assert found, output
        self.url = found[1]

    def move_clock(self, to: datetime) -> None:
        """Has it believe that it is another time. Requests that are on the way may fail."""
        new = self._moved.with_suffix(".new")
        new.write_text(str(round((to.timestamp() - time.time()) * 1000)))
        new.replace(self._moved)
        while abs(self.now() - to) > timedelta(seconds=5):
            time.sleep(0.01)

    def now(self) -> datetime:
        with urlopen(f"{self.url}/health") as response:
            return parsedate_to_datetime(response.headers["Date"])

    def close(self) -> None:
        self._process.terminate()
        self._process.communicate(timeout=60)
        self._data.cleanup()


class BadRoad:
    """A proxy that loses three of ten answers after they were processed, and can be closed."""

    def __init__(self, url: str) -> None:
        self.is_open = False
        self.lost = 0
        self._random = random.Random(1)
        self._target = url.removeprefix("http://")
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handler(road) -> type[BaseHTTPRequestHandler]:  # noqa: N805
        class Handler(BaseHTTPRequestHandler):
            def lead(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                if not road.is_open:
                    return
                service = http.client.HTTPConnection(road._target, timeout=30)
                headers = {name: value for name, value in self.headers.items() if name.lower() != "host"}
                service.request(self.command, self.path, body, headers)
                answer = service.getresponse()
                content = answer.read()
                service.close()
                if road._random.random() < 0.3:
                    road.lost += 1
                    return
                self.send_response_only(answer.status)
                for name in ("Date", "Content-Type", "Content-Length"):
                    self.send_header(name, answer.headers[name])
                self.end_headers()
                with contextlib.suppress(ConnectionError):  # the client was killed meanwhile
                    self.wfile.write(content)

            do_GET = do_POST = lead  # noqa: N815

        return Handler
