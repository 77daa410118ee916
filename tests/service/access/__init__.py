"""Users, roles, passwords, sessions, tokens."""
