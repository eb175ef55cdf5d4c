CREATE TABLE _prisma_migrations (id varchar(36) PRIMARY KEY, checksum varchar(64) NOT NULL, finished_at timestamp, migration_name varchar(255) NOT NULL,
 logs text, rolled_back_at timestamp, started_at timestamp NOT NULL, applied_steps_count integer NOT NULL);
--# applied with CRLF, then with LF, read with LF
INSERT INTO _prisma_migrations VALUES ('a', '85acc64faa3c01631fe0776de01d1e6fce060406dc0f684904b8e3f867328109', '2019-01-02 00:00:00', '20190101000000_one', NULL, NULL, '2019-01-02 00:00:00', 1),
 ('b', 'df75f02bbba6db84fad96d29a630e847b2db370207363099b997009ae4d59fe8', '2019-01-03 00:00:00', '20190102000000_two', NULL, NULL, '2019-01-03 00:00:00', 1);
SELECT migrate_load('@dir@/prisma');
SELECT version, revision, checksum, action, detail FROM migrate_adopt_plan('prisma');
--# and read with CRLF
SELECT migrate_load('@dir@/dos/prisma');
SELECT version, revision, checksum, action, detail FROM migrate_adopt_plan('prisma');
--# another text, whatever its line ends
UPDATE _prisma_migrations SET checksum = '28a9cbd199ebbcb4e44c9d7d10c194724a5246eb31a6861aea956a55f833c7df' WHERE id = 'b';
SELECT migrate_adopt('prisma');
UPDATE _prisma_migrations SET checksum = 'cbd674ab1cc477b8f8bc743931d88b165139535b2c0d563e08d0ca00141b0edc' WHERE id = 'b';
SELECT migrate_adopt('prisma');
--# one checkout after the other changes nothing
SELECT migrate_load('@dir@/prisma');
SELECT migrate_adopt('prisma');
SELECT count(*) FROM migrate_verify();
SELECT migrate_stamp('base', true);
SELECT migrate_remove(revision) FROM (SELECT '20190103000000_three' AS revision UNION ALL SELECT '20190102000000_two' UNION ALL SELECT '20190101000000_one') AS r;
--# Drizzle finds its files by their sums; the times are of no help here
CREATE TABLE __drizzle_migrations (id integer PRIMARY KEY, hash text NOT NULL, created_at numeric);
INSERT INTO __drizzle_migrations (id, hash, created_at) VALUES (1, '85acc64faa3c01631fe0776de01d1e6fce060406dc0f684904b8e3f867328109', 1560000000000),
 (2, 'df75f02bbba6db84fad96d29a630e847b2db370207363099b997009ae4d59fe8', 1560000001000);
SELECT migrate_load('@dir@/drizzle');
SELECT version, revision, checksum, action, detail FROM migrate_adopt_plan('drizzle');
SELECT migrate_load('@dir@/dos/drizzle');
SELECT version, revision, checksum, action, detail FROM migrate_adopt_plan('drizzle');
UPDATE __drizzle_migrations SET hash = '0', created_at = 1550000001000 WHERE id = 2;
SELECT migrate_adopt('drizzle');
