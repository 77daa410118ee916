"""`formtally serve`: the server of the web app, the worker beside it, and the deliverer of webhooks, in one process tree."""
