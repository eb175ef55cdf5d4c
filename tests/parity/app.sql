--# the example of the quick start
SELECT migrate_load('@dir@/app');
SELECT revision, revises, depends, labels, message FROM migrate_status();
SELECT migrate_graph();
SELECT step, revision, CASE WHEN transactional THEN 'yes' ELSE 'no' END FROM migrate_plan();
SELECT migrate_apply();
SELECT migrate_check();
SELECT migrate_apply();
SELECT revision, CASE WHEN is_head THEN 'head' END FROM migrate_current();

--# the application works
INSERT INTO book (isbn, title, author, category, price)
VALUES ('9780000000001', 'A first book', 'A. Author', 'novel', 10);
UPDATE book SET price = 12 WHERE isbn = '9780000000001';
SELECT isbn, CAST(price AS integer) FROM old_price;

--# the reviews alone, and everything
SELECT migrate_revert('reviews@20260112_101500');
SELECT revision, state FROM migrate_status();
SELECT migrate_apply('heads');
SELECT revision FROM migrate_history('-2:head');
SELECT migrate_revert('-1');
SELECT migrate_apply('+1');
DELETE FROM old_price;
DELETE FROM book;
SELECT migrate_revert('base');
SELECT migrate_apply('head');
SELECT migrate_check();
SELECT migrate_fingerprint();
