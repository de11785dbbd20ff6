"""Floors of the service: what HTTP, a signature check and a durable commit take at least, under the same uvicorn.

=============  =====================================================================================================
request        what is done
=============  =====================================================================================================
``/empty``     answers at once
``/row``       reads the body of a submission, checks its Ed25519 signature, commits it as one raw row
               (SQLite, WAL, ``synchronous=FULL``), answers
``/rows``      the same with a batch: one check of its one signature, its records as rows of one commit
``/static/…``  files, as Starlette's ``StaticFiles`` gives them
=============  =====================================================================================================

A floor knows no rule, number, link, tree, receipt, limit or log line. Rows are committed in the event loop itself: with
nothing else to do that is faster than a thread, and a floor is what is hard to beat. Nothing in the product calls it.
"""

import json
import os
import sys
from base64 import b64decode
from pathlib import Path
from typing import Any, Final

import orjson
import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import Response
from nacl import bindings as sodium
from starlette.staticfiles import StaticFiles

from api import server
from api.settings import Settings
from ledger import signatures
from ledger.log import merkle
from ledger.log.entry import batch_pae
from ledger.store import driver
from ledger.store.database import WRITER_PRAGMAS

KEYS: Final = "keys.json"
STATIC: Final = "static"
DONE: Final = b'{"done":true}'
INSERT: Final = "INSERT INTO row (body) VALUES (?)"


def create_app(folder: Path) -> FastAPI:
    """The floors over a folder: ``static/``, ``keys.json`` (public keys in hex by key id), and a database that is made."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    keys = {key: bytes.fromhex(public) for key, public in json.loads((folder / KEYS).read_bytes()).items()}
    rows: Any = driver.load().connect(str(folder / "rows.db"), isolation_level=None, check_same_thread=False)
    for pragma in WRITER_PRAGMAS:
        rows.execute(f"PRAGMA {pragma}")
    rows.execute("CREATE TABLE row (id INTEGER PRIMARY KEY, body BLOB NOT NULL)")

    def check(signature: dict[str, str], message: bytes) -> None:
        sodium.crypto_sign_open(b64decode(signature["sig"]) + message, keys[signature["key"]])

    @app.get("/empty")
    @app.post("/empty")
    async def empty() -> Response:
        return _done()

    @app.post("/row")
    async def row(request: Request) -> Response:
        body = await request.body()
        value = orjson.loads(body)
        message = signatures.pae(signatures.RECORD_TYPE, _canonical(value["record"]))
        for signature in value["signatures"]:
            check(signature, message)
        rows.execute(INSERT, (body,))
        return _done()

    @app.post("/rows")
    async def batch(request: Request) -> Response:
        values = orjson.loads(await request.body())
        records = [_canonical(value["record"]) for value in values]
        first = values[0]["record"]
        root = merkle.root(merkle.leaf_hashes(records))
        message = batch_pae(first["ledger"], len(records), root, first["at"])
        for signature in values[0]["signatures"]:
            check(signature, message)
        rows.execute("BEGIN IMMEDIATE")
        rows.executemany(INSERT, [(record,) for record in records])
        rows.execute("COMMIT")
        return _done()

    app.mount("/static", StaticFiles(directory=folder / STATIC))
    return app


def main() -> None:
    """Serve the folder that is named until told to end, at the service's settings."""
    settings = Settings.from_environment(os.environ)
    uvicorn.Server(server.config(create_app(Path(sys.argv[1])), settings)).run()


def _canonical(record: object) -> bytes:
    return orjson.dumps(record, option=orjson.OPT_SORT_KEYS)


def _done() -> Response:
    return Response(DONE, 201, media_type="application/json")
