INSERT INTO users (id, mail) VALUES (1, 'a@example.org');
