"""Map data served from memory: a real ``lionrock up`` with 754 detectors, asked over connections that are kept.

The client is one process on the same machine, so both share its cores; every answer is read whole.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.parse import DETECTORS, RECEIVED_AT, made_file
from lionrock.app.house import House
from lionrock.app.twin_process import free_port
from lionrock.core.clock import SetClock
from lionrock.core.manifest import Download
from lionrock.core.settings import Settings
from lionrock.core.vocabulary import Source

CONNECTIONS = 16
SECONDS = 5.0
URL = "https://resource.data.one.gov.hk/td"
PATHS = ("/api/v1/traffic/speeds?departure=0", "/api/v1/traffic/network")


def run() -> dict[str, float]:
    """Requests per second for the speeds of the map, whole and as 304, and the slowest hundredth."""
    with tempfile.TemporaryDirectory() as folder:
        _fill(Path(folder))
        port = free_port()
        environment = os.environ | {
            "LIONROCK_PORT": str(port),
            "LIONROCK_DATA": folder,
            "LIONROCK_SOURCE": "recording",
        }
        server = subprocess.Popen([sys.executable, "-m", "lionrock", "up"], env=environment, stdout=subprocess.DEVNULL)
        try:
            _wait(server, port)
            speeds, network = (_ask(port, path, {"Accept-Encoding": "gzip"}) for path in PATHS)
            unchanged = _ask(port, PATHS[0], {"If-None-Match": _etag(port, PATHS[0])})
        finally:
            server.terminate()
            server.wait()
    return {
        "requests_per_s": speeds[0],
        "p99_ms": speeds[1],
        "network_requests_per_s": network[0],
        "not_modified_per_s": unchanged[0],
        "speeds_bytes": float(speeds[2]),
        "network_bytes": float(network[2]),
    }


def _fill(folder: Path) -> None:
    """A store with one detectors file of two periods and the places of its 754 detectors."""
    settings = Settings(data=folder, source=Source.RECORDING)
    with House.open(settings, SetClock(RECEIVED_AT)) as house:
        for feed_id, body in (("traffic.detectors", _places()), ("traffic.lanes", made_file())):
            _, feed = house.feed(feed_id)
            download = Download(body=body, url=f"{URL}/{feed_id}", received_at=RECEIVED_AT)
            house.states.succeeded(feed_id, RECEIVED_AT, house.intake.take(feed_id, feed, download).total)


def _places() -> bytes:
    header = "AID_ID_Number,District,Road_EN,Road_TC,Road_SC,Easting,Northing,Latitude,Longitude,Direction,Rotation"
    rows = [
        f"AID{index:05},Southern,Made Road {index} - Eastbound,虛構道{index} - 東行,虚构道{index} - 东行,"
        f"833758,812147,{22.2 + index % 28 / 100},{113.9 + index // 28 / 100},South East,100"
        for index in range(DETECTORS)
    ]
    return "\ufeff".encode() + "\r\n".join([header, *rows, ""]).encode()


def _wait(server: subprocess.Popen[bytes], port: int) -> None:
    for _ in range(200):
        if server.poll() is not None:
            raise RuntimeError(f"lionrock up ended with {server.returncode}: what it said stands above")
        with contextlib.suppress(OSError), _connected(port) as connection:
            connection.request("GET", "/health")
            if connection.getresponse().status == http.client.OK:
                return
        time.sleep(0.1)
    raise RuntimeError("lionrock up did not become ready within 20 s")


def _etag(port: int, path: str) -> str:
    with _connected(port) as connection:
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        return str(answer.headers["ETag"])


def _connected(port: int) -> contextlib.closing[http.client.HTTPConnection]:
    return contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5))


def _ask(port: int, path: str, headers: dict[str, str]) -> tuple[float, float, int]:
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{lines}\r\n".encode()
    connections = [socket.create_connection(("127.0.0.1", port)) for _ in range(CONNECTIONS)]
    length = _answer_length(connections[0], request)
    rounds: list[float] = []
    until = time.perf_counter() + SECONDS
    while (started := time.perf_counter()) < until:
        for connection in connections:
            connection.sendall(request)
        for connection in connections:
            left = length
            while left > 0:
                left -= len(connection.recv(min(left, 262_144)))
        rounds.append(time.perf_counter() - started)
    for connection in connections:
        connection.close()
    return len(rounds) * CONNECTIONS / sum(rounds), statistics.quantiles(rounds, n=100)[98] * 1000, length


def _answer_length(connection: socket.socket, request: bytes) -> int:
    """The whole length of the answer, headers and all, which is the same every time; anything but 200 or 304 raises."""
    connection.sendall(request)
    got = b""
    while b"\r\n\r\n" not in got:
        got += connection.recv(65_536)
    head, _, body = got.partition(b"\r\n\r\n")
    status = head.split(b" ", 2)[1]
    if status not in {b"200", b"304"}:
        raise RuntimeError(f"the server answered {status.decode()}")
    found = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    length = int(found[0].split(b":")[1]) if found and status == b"200" else 0
    left = length - len(body)
    while left > 0:
        left -= len(connection.recv(left))
    return len(head) + 4 + length
