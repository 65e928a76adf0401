"""Records that wait to be sent, in a SQLite file.

The bot's thread and the sender's thread have a connection each, in WAL mode with `synchronous=NORMAL`: a commit is a write to the
page cache, takes about 30 µs, and survives when the process is killed. The background thread calls `sync` ten times a second, which
writes to the disk: only a power failure can lose records, and only those since the last `sync`. Checkpoints never run in the bot's thread.

Damage to the file is noticed and said: each record has a checksum, and the number of the last synced record is also kept in a file of its own,
so that a log which SQLite cuts off at a damaged page shows. What can be read is kept.
"""

from __future__ import annotations

import json
import logging
import os
import sqlite3
import threading
import time
import zlib
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from .errors import OutboxFull, OutboxInUse

log = logging.getLogger("strategy_snapshots")

#: Bytes per request. The service accepts 4 MB; half a megabyte is answered well before the timeout.
LARGEST_BATCH = 512 * 1024

#: Bytes of the write-ahead log before a checkpoint. They are rare, because the next commit waits for the disk.
LARGEST_LOG = 4 * 1024 * 1024

_SCHEMA = """
CREATE TABLE IF NOT EXISTS waiting (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  kind         TEXT NOT NULL,
  key          TEXT NOT NULL,     -- identifies the record; a snapshot's Idempotency-Key
  body         TEXT NOT NULL,     -- JSON as sent
  saved_at     REAL NOT NULL,     -- seconds since 1970
  clock_offset REAL,              -- seconds added to the bot's clock for the record's time; null: the bot gave the time
  session      TEXT NOT NULL DEFAULT '',  -- the process whose clock was known from the service; empty: it was not yet
  checksum     INTEGER            -- of kind, key and body; null: of a release without checksums
);
CREATE INDEX IF NOT EXISTS waiting_by_kind ON waiting (kind, id);
CREATE TABLE IF NOT EXISTS refused (
  id         INTEGER PRIMARY KEY,
  kind       TEXT NOT NULL,
  body       TEXT NOT NULL,
  saved_at   REAL NOT NULL,
  reason     TEXT NOT NULL,
  refused_at REAL NOT NULL
);
"""


class Record(NamedTuple):
    id: int
    kind: str
    key: str
    body: str
    saved_at: float
    clock_offset: float | None
    session: str


class New(NamedTuple):
    key: str
    body: str
    clock_offset: float | None = None
    session: str = ""


class Outbox:
    """For one process at a time. Only the sender's thread calls `batch`, `settle`, `replace`, `newest` and `sync`."""

    def __init__(self, path: str | Path, most_waiting: int) -> None:
        """@raises OutboxInUse, sqlite3.Error when the file cannot be created or read"""
        # A link and the file that it points to are one outbox.
        self._path = path = Path(path).resolve()
        self._most_waiting = most_waiting
        self._lock = _locked(path)
        self._writing = threading.Lock()
        #: Records that are lost or cannot be read.
        self.damaged = 0
        try:
            self._open()
        except sqlite3.DatabaseError as error:
            if not _is_damage(error):
                self._lock.close()
                raise
            self._salvage(error)
        #: Number of waiting records; counted once and then updated, because counting a long queue would delay the bot.
        self.waiting: int = self._sending.execute("SELECT count(*) FROM waiting").fetchone()[0]
        #: Whether records were added since the last `sync`.
        self.unsynced = False

    def add(self, kind: str, records: Sequence[New]) -> None:
        """Adds all of them, or none. @raises OutboxFull, sqlite3.Error (the disk is full, …)"""
        now = time.time()
        rows = [
            (kind, key, body, now, offset, session, _checksum(kind, key, body))
            for key, body, offset, session in records
        ]
        with self._writing:
            if self.waiting + len(rows) > self._most_waiting:
                raise OutboxFull(f"{self.waiting} records are waiting; the limit is {self._most_waiting}")
            with _transaction(self._adding):
                self._adding.executemany(_INSERT, rows)
            self.waiting += len(rows)
            self.unsynced = True

    def batch(self, kind: str, most: int) -> list[Record]:
        """The oldest records of a kind, as many as fit into a request, and at least one if there is one."""
        query = f"SELECT {_FIELDS}, checksum FROM waiting WHERE kind = ? ORDER BY id LIMIT ?"
        rows = self._sending.execute(query, (kind, most))
        batch: list[Record] = []
        unreadable: list[Record] = []
        size = 0
        with closing(rows):
            for *fields, checksum in rows:
                record = Record._make(fields)
                if checksum not in (None, _checksum(record.kind, record.key, record.body)):
                    unreadable.append(record)
                    continue
                size += len(record.body.encode())
                if batch and size > LARGEST_BATCH:
                    break
                batch.append(record)
        if unreadable:
            self._set_aside(unreadable)
            return batch or self.batch(kind, most)
        return batch

    def _set_aside(self, unreadable: Sequence[Record]) -> None:
        """Keeps what is left of damaged records with the refused ones, so that they block no other."""
        self.damaged += len(unreadable)
        log.error("%d records of the outbox are damaged and set aside: %s", len(unreadable), self._path)
        left = [record._replace(body=json.dumps({"damaged": record.body})) for record in unreadable]
        self.settle(left, dict.fromkeys(range(len(left)), "it was damaged in the outbox"))

    def settle(self, batch: Sequence[Record], reasons: Mapping[int, str]) -> None:
        """Removes a batch that was answered. Refused records, by their index in the batch, are set aside with the reason."""
        now = time.time()
        aside = [(batch[i].kind, batch[i].body, batch[i].saved_at, reason, now) for i, reason in reasons.items()]
        with self._writing:
            with _transaction(self._sending):
                self._sending.executemany(
                    "INSERT INTO refused (kind, body, saved_at, reason, refused_at) VALUES (?, ?, ?, ?, ?)", aside
                )
                self._sending.executemany("DELETE FROM waiting WHERE id = ?", [(record.id,) for record in batch])
            self.waiting -= len(batch)

    def replace(self, record: Record) -> None:
        with self._writing:
            self._sending.execute(
                "UPDATE waiting SET key = ?, body = ?, clock_offset = ?, session = ?, checksum = ? WHERE id = ?",
                (
                    record.key,
                    record.body,
                    record.clock_offset,
                    record.session,
                    _checksum(record.kind, record.key, record.body),
                    record.id,
                ),
            )

    def sync(self) -> bool:
        """Writes new records to the disk. Returns whether there were any."""
        if not self.unsynced:
            return False
        self.unsynced = False
        last = _last_id(self._sending)
        # SQLite holds no lock on this file, so that closing it releases none.
        with open(f"{self._path}-wal", "r+b") as wal:
            os.fsync(wal.fileno())
            size = wal.seek(0, os.SEEK_END)
        self._remember(last)
        if size > LARGEST_LOG:
            self._sending.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
        return True

    def newest(self, kind: str) -> int | None:
        """The id of the newest record of a kind that has the time of the bot's call."""
        query = "SELECT max(id) FROM waiting WHERE kind = ? AND clock_offset IS NOT NULL"
        newest: int | None = self._sending.execute(query, (kind,)).fetchone()[0]
        return newest

    def oldest_saved_at(self) -> float | None:
        rows = self._read("SELECT saved_at FROM waiting ORDER BY id LIMIT 1")
        return rows[0]["saved_at"] if rows else None

    def refused(self) -> list[dict[str, Any]]:
        return self._read("SELECT id, kind, body, reason, saved_at, refused_at FROM refused ORDER BY id")

    def last_refusal(self) -> str | None:
        rows = self._read("SELECT reason FROM refused ORDER BY id DESC LIMIT 1")
        return rows[0]["reason"] if rows else None

    def refused_count(self) -> int:
        count: int = self._read("SELECT count(*) AS count FROM refused")[0]["count"]
        return count

    def _read(self, query: str) -> list[dict[str, Any]]:
        """For any thread, therefore with its own connection."""
        with closing(_connect(self._path)) as connection:
            rows = connection.execute(query)
            names = [column[0] for column in rows.description]
            return [dict(zip(names, row, strict=True)) for row in rows.fetchall()]

    def take_back(self) -> int:
        """Queues all refused records again. Returns their number. @raises sqlite3.Error"""
        with self._writing:
            with _transaction(self._adding):
                # With new keys: the old ones may belong to other answers.
                back = self._adding.execute(
                    "INSERT INTO waiting (kind, key, body, saved_at)"
                    " SELECT kind, lower(hex(randomblob(16))), body, saved_at FROM refused"
                    f" WHERE {_NOT_DAMAGED} ORDER BY id"
                ).rowcount
                self._adding.execute(f"DELETE FROM refused WHERE {_NOT_DAMAGED}")
            self.waiting += back
        return back

    def _open(self) -> None:
        """@raises sqlite3.DatabaseError when the file is damaged"""
        self._adding, self._sending = _connect(self._path), _connect(self._path)
        try:
            self._sending.executescript(_SCHEMA)
            known = {name for _, name, *_ in self._sending.execute("PRAGMA table_info(waiting)")}
            for column in ("session TEXT NOT NULL DEFAULT ''", "checksum INTEGER"):
                if column.split()[0] not in known:
                    self._sending.execute(f"ALTER TABLE waiting ADD COLUMN {column}")
            if (found := self._sending.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
                raise sqlite3.DatabaseError(f"malformed: {found}")
            self._notice_lost()
        except Exception:
            self._adding.close()
            self._sending.close()
            raise

    def _notice_lost(self) -> None:
        """SQLite ignores what follows a damaged page of its log, without an error: the last synced record tells."""
        try:
            synced = int(Path(f"{self._path}-synced").read_text())
        except (OSError, ValueError):
            return
        if (lost := synced - _last_id(self._sending)) > 0:
            self.damaged += lost
            log.error("up to %d records of the outbox are lost, because its file was damaged: %s", lost, self._path)
            # Their numbers are not given again, so that they are counted once.
            with _transaction(self._sending):
                self._sending.execute("DELETE FROM sqlite_sequence WHERE name = 'waiting'")
                self._sending.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('waiting', ?)", (synced,))

    def _remember(self, last: int) -> None:
        """Keeps the number of the last synced record, in a file of its own."""
        with open(f"{self._path}-synced", "w") as file:
            file.write(str(last))
            file.flush()
            os.fsync(file.fileno())

    def _salvage(self, error: sqlite3.DatabaseError) -> None:
        """Moves a damaged file aside and goes on with what can be read of it."""
        aside = Path(f"{self._path}.damaged-{int(time.time())}")
        log.error("the outbox is damaged (%s): it is kept as %s, and what can be read goes on", error, aside)
        for suffix in ("", "-wal", "-shm"):
            if (part := Path(f"{self._path}{suffix}")).exists():
                part.rename(f"{aside}{suffix}")
        rows = _readable(aside)
        self._open()
        whole = [row for row in rows if row[-1] in (None, _checksum(row[1], row[2], row[3]))]
        with _transaction(self._sending):
            self._sending.executemany(_INSERT, [row[1:] for row in whole])
        self.damaged += max(1, len(rows) - len(whole))

    def close(self) -> None:
        for connection in (self._adding, self._sending, self._lock):
            connection.close()


_FIELDS = "id, kind, key, body, saved_at, clock_offset, session"
_INSERT = (
    "INSERT INTO waiting (kind, key, body, saved_at, clock_offset, session, checksum) VALUES (?, ?, ?, ?, ?, ?, ?)"
)
_NOT_DAMAGED = "reason <> 'it was damaged in the outbox'"


def _checksum(kind: str, key: str, body: str) -> int:
    return zlib.crc32(f"{kind}\0{key}\0{body}".encode(errors="surrogateescape"))


def _last_id(connection: sqlite3.Connection) -> int:
    """The number of the last record that was ever added."""
    row = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'waiting'").fetchone()
    return row[0] if row else 0


def _is_damage(error: sqlite3.DatabaseError) -> bool:
    return "malformed" in str(error) or "not a database" in str(error)


def _readable(path: Path) -> list[tuple[Any, ...]]:
    """The waiting records of a damaged file: from its beginning and from its end, up to what cannot be read."""
    found: dict[int, tuple[Any, ...]] = {}
    for order in ("", "DESC"):
        try:
            with closing(_connect(path)) as connection:
                for row in connection.execute(f"SELECT {_FIELDS}, checksum FROM waiting ORDER BY id {order}"):
                    found.setdefault(row[0], row)
        except sqlite3.DatabaseError:
            continue
    return [found[number] for number in sorted(found)]


class _transaction:
    """`with connection` does not begin a transaction in autocommit mode."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def __enter__(self) -> None:
        self._connection.execute("BEGIN IMMEDIATE")

    def __exit__(self, error: object, *_: object) -> None:
        try:
            self._connection.execute("COMMIT" if error is None else "ROLLBACK")
        except sqlite3.Error:
            # A full disk may have rolled it back already, or may fail the commit and leave the transaction open.
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            if error is None:
                raise


def _connect(path: str | Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    # Damaged text is read too, and its checksum shows it.
    connection.text_factory = lambda text: text.decode(errors="surrogateescape")
    for setting in ("journal_mode = WAL", "synchronous = NORMAL", "wal_autocheckpoint = 0"):
        connection.execute(f"PRAGMA {setting}")
    return connection


def _locked(path: str | Path) -> sqlite3.Connection:
    """SQLite's own lock, on a second file: it works on every system and ends with the process."""
    lock = sqlite3.connect(f"{path}-lock", isolation_level=None, timeout=0, check_same_thread=False)
    try:
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        lock.close()
        if "locked" not in str(error):
            raise
        raise OutboxInUse(f"{path} is in use by another process or manager: give each bot its own outbox") from None
    return lock
