"""Durable work: documents as workflows, their pages as steps, handed out by DBOS to the workers of one machine or many."""
