"""The demo behind `make run`: site and service on one origin, and a mailbox to look into.

Nothing here is for a real server: its keys are made at every start and lie beside the data.
"""
