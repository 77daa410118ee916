"""Pages for people: server-rendered, usable without script, every sentence from one catalogue."""
