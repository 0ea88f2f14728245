"""The editor on a server: who can open a centre's letters may change that centre's facts."""
