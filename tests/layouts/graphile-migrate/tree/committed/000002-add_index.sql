--! Previous: sha1:e64bc5c442e91235c5c7b3d76072619d780266de
--! Hash: sha1:952787197aafee2b4952f6901d91b8d86b7d41db
--! Message: add the index

--! no-transaction
CREATE INDEX users_id ON users (id);
