"""A client is led by lines of JSON on standard input, and tells what it sees as lines of JSON on standard output."""

import json
import sys


def tell(event, **more):
    print(json.dumps({"event": event, **more}), flush=True)


def commands():
    for line in sys.stdin:
        yield json.loads(line)
