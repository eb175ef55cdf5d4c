SELECT old_dump;
