"""A peer of `trm bench fanout`: FastAPI on uvicorn, awaiting each socket in turn, as the design that this project replaces does.

Protocol with the bench: a first line of JSON on stdout, then lines on stdin, `go N`: up to N broadcasts in all are to be
made. The end of the input ends it.

    apt-get install python3-fastapi python3-uvicorn python3-websockets
    python3 server.py ../message.json
"""

import asyncio
import json
import os
import socket
import sys
from datetime import datetime, timezone


def say(**line):
    print(json.dumps(line), flush=True)


try:
    import fastapi
    import uvicorn
    import websockets
    from fastapi import FastAPI, WebSocket, WebSocketDisconnect
except ImportError as error:
    say(ready=False, reason=f"{error}; apt-get install python3-fastapi python3-uvicorn python3-websockets, or name a Python with --python")
    sys.exit(1)

app = FastAPI()
clients: list[WebSocket] = []


@app.websocket("/ws/{client_id}")
async def listen(client: WebSocket, client_id: str):
    await client.accept()
    clients.append(client)
    try:
        while True:
            await client.receive_text()
    except WebSocketDisconnect:
        pass
    finally:
        clients.remove(client)


async def broadcast(message: dict):
    now = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    message["timestamp"] = message["data"]["timestamp"] = now
    text = json.dumps(message, separators=(",", ":"))
    for client in list(clients):
        await client.send_text(text)


async def publish(message: dict, lines: asyncio.StreamReader):
    published = granted = 0
    line = asyncio.ensure_future(lines.readline())
    while True:
        # An await that does not wait gives nobody else a turn, hence the sleep of nothing.
        await (asyncio.sleep(0) if published < granted else line)
        if line.done():
            words = line.result().split()
            if not words:
                os._exit(0)
            granted = int(words[1])
            line = asyncio.ensure_future(lines.readline())
        if published < granted:
            await broadcast(message)
            published += 1


async def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        message = json.load(file)
    listener = socket.create_server(("127.0.0.1", 0), backlog=4096)
    config = uvicorn.Config(app, log_level="error", access_log=False, backlog=4096, ws="websockets", ws_per_message_deflate=False)
    server = asyncio.ensure_future(uvicorn.Server(config).serve(sockets=[listener]))
    lines = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    versions = f"{fastapi.__version__}, uvicorn {uvicorn.__version__}, websockets {websockets.__version__}, {type(loop).__module__}"
    say(ready=True, port=listener.getsockname()[1], name="FastAPI", version=versions)
    await asyncio.wait([server, asyncio.ensure_future(publish(message, lines))], return_when=asyncio.FIRST_COMPLETED)


try:
    import uvloop

    uvloop.install()  # what uvicorn takes by itself where it is installed
except ImportError:
    pass
asyncio.run(main())
