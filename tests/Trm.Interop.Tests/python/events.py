"""One event stream read with the standard library, as a script would: it comes back by itself with Last-Event-ID."""

import http.client
import time
from urllib.parse import urlsplit

from lines import commands, tell


def read(url, last_id):
    """Tells each event of one connection; returns the id to go on from and the seconds to wait before that."""
    address = urlsplit(url)
    connection = http.client.HTTPConnection(address.netloc, timeout=60)
    connection.request("GET", f"{address.path}?{address.query}", headers={"Last-Event-ID": last_id} if last_id else {})
    response = connection.getresponse()
    if response.status != 200:
        return last_id, 1.0
    tell("open")
    pause, event = 1.0, {}
    for line in response:
        name, _, value = line.decode().rstrip("\n").partition(": ")
        if name == "retry":
            pause = int(value) / 1000
        elif name in ("id", "event", "data"):
            event[name] = value
        elif name == "" and event:
            last_id = event.get("id", last_id)
            tell("event", name=event["event"], id=last_id, text=event["data"])
            event = {}
    return last_id, pause


url = next(commands())["url"]
last_id, pause = None, 1.0
while True:
    try:
        last_id, pause = read(url, last_id)
    except OSError:
        pass
    time.sleep(pause)
