/** Marks the file as ours: `Slc1` in ASCII. */
export const applicationId = 0x536c6331

/**
 * One entry a schema version, forward only: entry 0 makes version 1 of an empty database. Never change an entry that
 * was released; add one.
 *
 * Amounts are 16-byte big-endian blobs (`encoding.ts`), ids and signatures are raw bytes. A channel's terms never change
 * and stand apart: every voucher writes the page its channel is on, and that way a page holds four times as many.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE channels (
    channel_id BLOB PRIMARY KEY,
    deposited BLOB NOT NULL,
    claimed BLOB NOT NULL,
    opened_at INTEGER NOT NULL,
    accepted BLOB NOT NULL,
    signature BLOB NOT NULL,
    spent BLOB NOT NULL,
    units BLOB NOT NULL,
    tipped BLOB NOT NULL,
    close_requested_at INTEGER NOT NULL,
    consent_amount BLOB,
    consent_signature BLOB,
    closed INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE terms (
    channel_id BLOB PRIMARY KEY REFERENCES channels,
    terms TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE tips (
    position INTEGER PRIMARY KEY,
    channel_id BLOB NOT NULL,
    id TEXT NOT NULL,
    amount BLOB NOT NULL,
    message TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    UNIQUE (channel_id, id)
  ) STRICT;

  CREATE TABLE idempotency (
    key TEXT PRIMARY KEY,
    request_hash TEXT NOT NULL,
    run TEXT NOT NULL,
    status INTEGER,
    headers TEXT,
    body BLOB,
    expires_ms INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE INDEX idempotency_expiry ON idempotency (expires_ms);

  CREATE TABLE outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    nonce INTEGER NOT NULL,
    final INTEGER NOT NULL,
    updated_ms INTEGER NOT NULL,
    body TEXT NOT NULL
  ) STRICT;

  CREATE INDEX outbox_open ON outbox (nonce) WHERE final = 0;

  CREATE TABLE meta (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE progress (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    lineage TEXT NOT NULL,
    revision INTEGER NOT NULL,
    written_ms INTEGER NOT NULL
  ) STRICT;

  INSERT INTO progress VALUES (1, lower(hex(randomblob(16))), 0, 0);
  `,
  `
  CREATE TABLE documents (
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (kind, id)
  ) STRICT, WITHOUT ROWID;
  `,
]
