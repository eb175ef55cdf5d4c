INSERT INTO "users" VALUES (2, 'b');--> statement-breakpoint
INSERT INTO "users"
VALUES (3, 'c'); SAVEPOINT x;
