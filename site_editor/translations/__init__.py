"""The translations of a centre's texts: beside the Bulgarian text, and for translators' tools."""
