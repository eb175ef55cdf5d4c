--include graph.inc

--# the graph as text
SELECT migrate_graph();
SELECT migrate_apply('carts');
SELECT migrate_graph('text');
--# as dot
SELECT migrate_graph('dot');
--# as mermaid
SELECT migrate_graph('mermaid');
--# as svg
SELECT substr(migrate_graph('svg'), 1, 4);
SELECT CASE WHEN migrate_graph('svg') LIKE '%join blog and shop%</svg>%' THEN 'whole' END;

--# one revision
SELECT migrate_show('carts');
SELECT migrate_show('joined');
--# several
SELECT migrate_show('heads');
SELECT migrate_show('current');
--# one script
SELECT migrate_script('audit_more');
SELECT migrate_script('logs@head');

--# fingerprints
SELECT migrate_fingerprint();
SELECT CASE WHEN migrate_fingerprint() = migrate_fingerprint('heads') THEN 'same' END;
SELECT migrate_fingerprint('start');
SELECT migrate_fingerprint('users');
SELECT migrate_fingerprint('audit, users');
SELECT CASE WHEN migrate_fingerprint('audit, users') = migrate_fingerprint('users, audit') THEN 'same' END;
SELECT revision, checksum, chain FROM migrate_revision ORDER BY revision;

--# this software
SELECT CASE WHEN migrate_dialect() IN ('sqlite', 'postgresql') THEN 'known' END;
SELECT CASE WHEN migrate_version() LIKE '_%._%._%' THEN 'three parts' END;
