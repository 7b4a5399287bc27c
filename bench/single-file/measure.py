#!/usr/bin/env python3
"""Measures the single-file trm (eng/release trm): its size, the time from its start to the first prediction that a client can read, and
its memory while it serves.

    bench/single-file/measure.py [artifacts/release/trm] [--starts 7] [--serve 30]

The first start unpacks the program and is told apart. Nothing but Python's own library is used.
"""

import argparse
import json
import os
import shutil
import socket
import statistics
import subprocess
import tempfile
import time
import urllib.error
import urllib.request


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("program", nargs="?", default="artifacts/release/trm")
    arguments.add_argument("--starts", type=int, default=7, help="after the first one")
    arguments.add_argument("--serve", type=float, default=30, help="seconds to serve, at ten predictions a second, before memory is read")
    options = arguments.parse_args()
    program = os.path.abspath(options.program)

    unpacked = tempfile.mkdtemp(prefix="trm-unpacked-")
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("TRM", "DOTNET"))} | {"DOTNET_BUNDLE_EXTRACT_BASE_DIR": unpacked}
    try:
        first, _ = run(program, environment, 0)
        starts = [run(program, environment, 0)[0] for _ in range(options.starts)]
        _, memory = run(program, environment, options.serve)
    finally:
        shutil.rmtree(unpacked)
    print(f"size                     {os.path.getsize(program) / 1e6:.1f} MB")
    print(f"first start              {first:.2f} s to the first prediction, unpacking included")
    print(f"start                    {min(starts):.2f} s at best, median {statistics.median(starts):.2f} s of {len(starts)}")
    print(f"memory while it serves   {memory / 1e6:.0f} MB resident after {options.serve:.0f} s at 10 predictions a second")


def run(program, environment, seconds):
    """Starts it on an empty folder; seconds to the first prediction, and resident bytes after serving for a while."""
    folder = tempfile.mkdtemp(prefix="trm-data-")
    port = free_port()
    started = time.perf_counter()
    process = subprocess.Popen(
        [program, "serve", "--urls", f"http://127.0.0.1:{port}", "--data", folder, "--interval", "0.1"],
        env=environment, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        await_prediction(process, f"http://127.0.0.1:{port}/api/markets/us-equities/latest")
        elapsed = time.perf_counter() - started
        time.sleep(seconds)
        return elapsed, resident(process.pid)
    finally:
        process.terminate()
        process.wait(30)
        shutil.rmtree(folder)


def await_prediction(process, url):
    limit = time.monotonic() + 60
    while time.monotonic() < limit:
        if process.poll() is not None:
            raise SystemExit(f"it ended with {process.returncode}")
        try:
            with urllib.request.urlopen(url, timeout=1) as answer:
                json.load(answer)
                return
        except (urllib.error.URLError, OSError):  # not listening yet, or no prediction yet
            time.sleep(0.005)
    raise SystemExit(f"{url}: no prediction within a minute")


def resident(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmRSS"))


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


if __name__ == "__main__":
    main()
