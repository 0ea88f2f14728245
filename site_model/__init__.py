"""The pure core: what a centre, a help line and a form are, and how they are read.

Rule of this package: no Flask, no MkDocs, and no input or output outside
`loader`. `make check` holds the first by an import contract.
"""
