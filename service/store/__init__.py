"""The store: originals, documents, forms, corrections; one home folder or one PostgreSQL URL and a shared folder."""
