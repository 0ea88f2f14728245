"""A form as data, bound to a centre, validated and shown."""
