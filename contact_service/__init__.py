"""The confidential front door: receives a form, seals it, keeps it sealed, delivers it.

`web` answers browsers and never talks to a mail server; `delivery` sends and never talks
to browsers. Between them stands `outbox`, which holds only sealed bytes.
"""
