"""Pure: the facts as data that others may use: HSDS, tables, linked data, cards, calendars.

What a centre has not said is left out; nothing here is said that no page says.
"""
