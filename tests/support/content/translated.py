"""A text of the real facts with its translation, and a site in two languages."""

from __future__ import annotations

BUILDING = "Центърът се намира в западната част на града."
NEW_BUILDING = "Центърът се намира в източната част на града."
IN_TURKISH = "Merkez, şehrin batı kısmındadır."
IN_EAST = "Merkez, şehrin doğu kısmındadır."
PLACE = "building.1.text"
TWO = """languages:
  - {code: bg, scope: full, read_by_native: true}
  - {code: tr, scope: main, read_by_native: false}
"""
