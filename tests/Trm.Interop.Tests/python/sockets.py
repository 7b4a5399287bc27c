"""One WebSocket connection of Python's websockets."""

import asyncio

import websockets
from lines import commands, tell


async def listen(socket):
    try:
        async for message in socket:
            if isinstance(message, str):
                tell("text", text=message)
            else:
                tell("binary", text=message.decode())
    except websockets.ConnectionClosed:
        pass
    tell("close", code=socket.close_code, reason=socket.close_reason)


async def ping(socket, text):
    pong = await socket.ping(text)

    async def answered():
        await pong
        tell("pong", text=text)

    return asyncio.ensure_future(answered())


async def fragments(socket, parts, text):
    for index, part in enumerate(parts):
        yield part
        if index == 0:
            await ping(socket, text)


async def main():
    loop = asyncio.get_running_loop()
    lines = commands()
    socket = listening = None
    while (command := await loop.run_in_executor(None, next, lines, None)) is not None:
        match command["do"]:
            case "connect":
                compression = "deflate" if command.get("deflate") is not None else None
                socket = await websockets.connect(command["url"], compression=compression, max_size=None, ping_interval=None)
                response = getattr(socket, "response", None)
                headers = response.headers if response is not None else socket.response_headers
                tell("open", text=headers.get("Sec-WebSocket-Extensions", ""))
                listening = asyncio.ensure_future(listen(socket))
            case "text":
                await socket.send(command["text"])
            case "binary":
                await socket.send(command["text"].encode())
            case "ping":
                await ping(socket, command["text"])
            case "fragments":
                await socket.send(fragments(socket, command["parts"], command["text"]))
            case "close":
                await socket.close(command["code"], command["reason"])
                await listening


asyncio.run(main())
