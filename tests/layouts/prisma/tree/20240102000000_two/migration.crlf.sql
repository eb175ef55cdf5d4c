-- a comment with a ; that ends nothing
/* and another ; */
CREATE UNIQUE INDEX "User_email_key" ON "User"("email");
