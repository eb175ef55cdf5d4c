CREATE TABLE "users" ("id" integer PRIMARY KEY NOT NULL, "name" text)
--> statement-breakpoint
CREATE INDEX "users_name" ON "users" ("name");--> statement-breakpoint
INSERT INTO "users" VALUES (1, 'a')
