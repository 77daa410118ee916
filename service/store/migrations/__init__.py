"""How the tables came to be what they are: Alembic migrations, run when a store is opened."""
