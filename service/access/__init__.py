"""Who may do what: users and their roles, passwords, sessions, tokens, invitations."""
