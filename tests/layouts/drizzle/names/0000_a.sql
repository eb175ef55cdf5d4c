CREATE TABLE "n" ("a" integer);
--> statement-breakpoint
CREATE TABLE "n2" ("a" integer);
