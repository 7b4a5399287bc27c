#!/usr/bin/env python3
"""Measures what telemetry costs: predictions a second of a replay at full speed with one client, and the processor time of each, without
telemetry and with it.

    ./trm --help                        # builds it
    bench/telemetry/measure.py [--rounds 9] [--sessions 8500] [--program 'dotnet artifacts/bin/Trm.Cli/release/trm.dll'] [--json]

off      nothing set
tenth    OTLP and /metrics, one trace in ten: parentbased_traceidratio 0.1
all      OTLP and /metrics, every trace

A round starts the program once in each way, beginning with another one each time, on the same bars and an empty log. Metrics are sent and
scraped each second. What takes them (spans, metrics, predictions) is this script, which reads the bytes and discards them. Figures are
medians; a ratio is the median of the rounds' own. Nothing but Python's own library is used.
"""

import argparse
import contextlib
import datetime
import http.server
import json
import math
import os
import random
import shlex
import shutil
import socket
import statistics
import subprocess
import tempfile
import threading
import time
import urllib.error
import urllib.request

MARKET = "us-equities"
SYMBOLS = ["SPY", "QQQ", "IWM", "TLT", "IEF", "SHY", "GLD", "SLV", "HYG", "LQD", "UUP", "FXE", "EEM", "EFA", "VIXY", "VIX"]
FIRST = datetime.date(1980, 1, 1)

# The program compiles its busy methods while it runs; by then most are done.
WARM_UP = 2500

EXPORTED = {
    "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf",
    "OTEL_METRIC_EXPORT_INTERVAL": "1000",
    "TRM__TELEMETRY__PROMETHEUS": "true",
}
WAYS = {
    "off": None,
    "tenth": EXPORTED | {"OTEL_TRACES_SAMPLER": "parentbased_traceidratio", "OTEL_TRACES_SAMPLER_ARG": "0.1"},
    "all": EXPORTED,
}


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--program", default="dotnet artifacts/bin/Trm.Cli/release/trm.dll", help="how to run trm")
    arguments.add_argument("--rounds", type=int, default=9)
    arguments.add_argument("--sessions", type=int, default=8500, help=f"to replay, the first {WARM_UP} not measured")
    arguments.add_argument("--json", action="store_true", help="print JSON, for machines")
    options = arguments.parse_args()
    if options.rounds < 1:
        arguments.error("--rounds must be 1 or more")
    if options.sessions < 2 * WARM_UP:
        arguments.error(f"--sessions must be {2 * WARM_UP} or more: the first {WARM_UP} warm the program up")

    folder = tempfile.mkdtemp(prefix="trm-telemetry-")
    try:
        ingest(shlex.split(options.program), folder, options.sessions)
        with Receiver() as receiver:
            rounds = [run_round(options, folder, receiver, number) for number in range(options.rounds)]
    finally:
        shutil.rmtree(folder)
    report(rounds, options.json)


def run_round(options, folder, receiver, number):
    ways = list(WAYS)
    first = number % len(ways)
    return {way: run(shlex.split(options.program), folder, options.sessions, receiver, WAYS[way]) for way in ways[first:] + ways[:first]}


def report(rounds, as_json):
    figures = {}
    for way in WAYS:
        runs = [done[way] for done in rounds]
        figures[way] = {key: statistics.median(run[key] for run in runs) for key in runs[0]}
        figures[way]["throughput"] = statistics.median(done[way]["rate"] / done["off"]["rate"] for done in rounds)
    if as_json:
        print(json.dumps({"rounds": len(rounds), "ways": figures}))
        return
    print(f"{'':8}{'predictions/s':>15}{'of off':>9}{'processor':>15}{'sent':>20}{'client':>12}")
    for way, figure in figures.items():
        print(f"{way:8}{figure['rate']:15.0f}{figure['throughput']:9.3f}{figure['cpu'] * 1e6:12.0f} µs{figure['sent'] / 1e3:8.1f} KB/prediction{figure['heard'] * 100:9.0f} %")
    print(f"\nmedians of {len(rounds)} rounds; processor: of all threads, for each prediction; client: predictions that it got")


def run(program, folder, sessions, receiver, telemetry):
    """Replays from an empty log; what it did between the warm-up and the end, for each prediction."""
    data = tempfile.mkdtemp(dir=folder)
    shutil.copy(os.path.join(folder, "bars", "bars.db"), data)
    url = f"http://127.0.0.1:{free_port()}"
    command = [*program, "serve", "--urls", url, "--data", data, "--source", "replay", "--from", first_session().isoformat(), "--interval", "0"]
    process = subprocess.Popen(command, env=environment(telemetry, receiver), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        with Client(url, process) as client, Scraper(url if telemetry else None):
            start = await_sequence(process, url, WARM_UP), processor_seconds(process.pid), receiver.bytes, client.events
            end = await_sequence(process, url, sessions - 100), processor_seconds(process.pid), receiver.bytes, client.events
    finally:
        process.terminate()
        process.wait(30)
        shutil.rmtree(data)
    predictions = end[0][0] - start[0][0]
    return {
        "rate": predictions / (end[0][1] - start[0][1]),
        "cpu": (end[1] - start[1]) / predictions,
        "sent": (end[2] - start[2]) / predictions,
        "heard": (end[3] - start[3]) / predictions,
    }


def await_sequence(process, url, sequence):
    """Waits for a prediction; the sequence and time, in seconds, of the newest one by then."""
    limit = time.monotonic() + 300
    while time.monotonic() < limit:
        if process.poll() is not None:
            raise SystemExit(f"it ended with {process.returncode}")
        with contextlib.suppress(urllib.error.HTTPError):  # no prediction yet
            with urllib.request.urlopen(f"{url}/api/markets/{MARKET}/latest", timeout=10) as answer:
                newest = json.load(answer)
            if newest["sequence"] >= sequence:
                return newest["sequence"], datetime.datetime.fromisoformat(newest["timestamp"]).timestamp()
        time.sleep(0.05)
    raise SystemExit(f"no prediction {sequence} within five minutes")


def environment(telemetry, receiver):
    own = {key: value for key, value in os.environ.items() if not key.startswith(("TRM", "OTEL"))}
    return own if telemetry is None else own | telemetry | {"OTEL_EXPORTER_OTLP_ENDPOINT": receiver.url}


class Receiver:
    """Takes what is sent by OTLP over HTTP, and only counts its bytes."""

    def __init__(self):
        self.bytes = 0
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                self.wfile.flush()
                receiver.bytes += len(self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response_only(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()


class Client:
    """Listens to every prediction, so that each trace goes on to a socket."""

    def __init__(self, url, process):
        self.events = 0
        limit = time.monotonic() + 60
        while True:
            try:
                self.stream = urllib.request.urlopen(f"{url}/api/markets/{MARKET}/stream?delivery=all", timeout=60)
                return
            except urllib.error.HTTPError as error:
                raise SystemExit(f"the client was refused: {error}") from error
            except OSError:  # not listening yet
                if process.poll() is not None or time.monotonic() > limit:
                    raise SystemExit(f"trm serve does not listen at {url}") from None
                time.sleep(0.02)

    def __enter__(self):
        threading.Thread(target=self.listen, daemon=True).start()
        return self

    def __exit__(self, *_):
        pass  # it ends with the server

    def listen(self):
        with contextlib.suppress(OSError, ValueError):
            while read := self.stream.read1(1 << 16):
                self.events += read.count(b"\ndata:")


class Scraper:
    """Reads /metrics each second, as an eager Prometheus does; without an address, nothing."""

    def __init__(self, url):
        self.url = url
        self.ended = threading.Event()

    def __enter__(self):
        if self.url:
            threading.Thread(target=self.scrape, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.ended.set()

    def scrape(self):
        while not self.ended.wait(1):
            with contextlib.suppress(OSError), urllib.request.urlopen(f"{self.url}/metrics", timeout=10) as answer:
                answer.read()


def ingest(program, folder, sessions):
    """Bars of so many sessions and those before that features need: a seeded random walk of every symbol."""
    bars = os.path.join(folder, "bars.csv")
    walk = random.Random(7)
    prices = {symbol: 18.0 if symbol == "VIX" else 100.0 for symbol in SYMBOLS}
    with open(bars, "w", encoding="ascii") as file:
        file.write("date,symbol,open,high,low,close,volume\n")
        for day in weekdays(HISTORY + sessions):
            for symbol in SYMBOLS:
                opened = prices[symbol]
                closed = prices[symbol] = opened * math.exp(0.01 * (walk.random() - 0.5))
                file.write(f"{day},{symbol},{opened},{max(opened, closed) * 1.001},{min(opened, closed) * 0.999},{closed},{1000 + walk.randrange(500)}\n")
    subprocess.run([*program, "ingest", bars, "--data", os.path.join(folder, "bars")], env=environment(None, None), check=True, stdout=subprocess.DEVNULL)


HISTORY = 60


def first_session():
    return list(weekdays(HISTORY + 1))[-1]


def weekdays(count):
    day = FIRST
    while count:
        if day.weekday() < 5:
            count -= 1
            yield day
        day += datetime.timedelta(days=1)


def processor_seconds(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
        fields = stat.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


if __name__ == "__main__":
    main()
