Not a script either.
