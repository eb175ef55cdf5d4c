#!/usr/bin/env bash
#
# A rehearsal leaves nothing behind: .dump writes the same bytes before and
# after. MEGABYTES is how large the file is.

set -euo pipefail

megabytes=${MEGABYTES:-2}
users=$((1000 * megabytes))
[ "${SUITE:-}" != valgrind ] || users=50
posts=$((users * 9 / 2))
file=$MIGRATE_TMP/big.db

shell()
{
	sqlite3 -batch -bail -init /dev/null -cmd ".load $MIGRATE_SQLITE_MODULE" \
		"$file" "$@"
}

shell >/dev/null <<E
PRAGMA journal_mode = wal;
PRAGMA synchronous = off;
PRAGMA foreign_keys = on;
CREATE TABLE users (id INTEGER PRIMARY KEY AUTOINCREMENT, name text NOT NULL,
  mood text CHECK (mood IN ('sad', 'happy')), at text NOT NULL);
CREATE TABLE posts (id INTEGER PRIMARY KEY, author integer NOT NULL
  REFERENCES users ON DELETE CASCADE, body text, n integer);
CREATE INDEX posts_author ON posts (author);
CREATE INDEX posts_n ON posts (n);
CREATE VIEW happy AS SELECT id, name FROM users WHERE mood = 'happy';
CREATE TRIGGER shout AFTER INSERT ON posts BEGIN
  UPDATE users SET name = upper(name) WHERE id = NEW.author; END;
BEGIN;
WITH RECURSIVE s (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s
    WHERE i < $users)
  INSERT INTO users (name, mood, at) SELECT 'user ' || i,
    CASE i % 3 WHEN 1 THEN 'sad' WHEN 2 THEN 'happy' END,
    datetime('2026-01-01', i || ' minutes') FROM s;
DROP TRIGGER shout;
WITH RECURSIVE s (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s
    WHERE i < $posts)
  INSERT INTO posts (author, body, n)
    SELECT 1 + i % ($users), hex(zeroblob(90)) || i, i FROM s;
CREATE TRIGGER shout AFTER INSERT ON posts BEGIN
  UPDATE users SET name = upper(name) WHERE id = NEW.author; END;
COMMIT;
SELECT migrate_add('-- migrate:revision a
-- migrate:revises base
-- migrate:up
CREATE TABLE tags (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text);
INSERT INTO tags (name) SELECT name FROM users;
ALTER TABLE posts ALTER COLUMN n TYPE text USING ''n'' || n;
UPDATE posts SET body = upper(body) WHERE id % 2 = 0;
DROP VIEW happy;
ALTER TABLE users ADD COLUMN note text NOT NULL DEFAULT ''none'', DROP COLUMN at;
CREATE INDEX posts_body ON posts (body);
DROP INDEX posts_n;
COMMENT ON TABLE posts IS ''rehearsed'';
-- migrate:revision b
-- migrate:up
DELETE FROM users WHERE id % 2 = 0;
TRUNCATE tags;
ALTER TABLE posts RENAME TO articles;
PRAGMA recursive_triggers = on;
DROP TABLE articles;
');
E

shell .dump >"$MIGRATE_TMP/before"
count=$(shell 'PRAGMA foreign_keys = on' 'SELECT migrate_rehearse()')
shell .dump >"$MIGRATE_TMP/after"
size=$(($(wc -c <"$file") / 1000000))
if [ "$count" != 14 ]; then
	echo "not ok rehearse-dump - $count statements were rehearsed"
elif cmp -s "$MIGRATE_TMP/before" "$MIGRATE_TMP/after"; then
	echo "ok rehearse-dump ($size MB)"
else
	echo "not ok rehearse-dump - the database is another one"
	diff "$MIGRATE_TMP/before" "$MIGRATE_TMP/after" | head -n 20
fi
