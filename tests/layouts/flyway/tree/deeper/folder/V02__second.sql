INSERT INTO t VALUES (2, '${Word} ${flyway:filename}');
