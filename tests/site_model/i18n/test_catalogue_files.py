"""Interface words: what nobody has looked at is not shown as a translation."""

from __future__ import annotations

import shutil
from pathlib import Path

from site_model.i18n.catalogue_files import CATALOGUES, form_words_missing, translations


def test_a_fuzzy_translation_counts_as_missing(tmp_path: Path) -> None:
    """gettext marks so what a program has guessed; the words stay Bulgarian and are asked for."""
    word = "Прието"
    assert translations("en").gettext(word) != word
    assert word not in form_words_missing("en")
    text = (CATALOGUES / "en.po").read_text(encoding="utf-8")
    guessed = text.replace(f'\nmsgid "{word}"\n', f'\n#, fuzzy\nmsgid "{word}"\n')
    (tmp_path / "en.po").write_text(guessed, encoding="utf-8")
    shutil.copy(CATALOGUES / "opora.pot", tmp_path)
    assert translations("en", tmp_path).gettext(word) == word
    assert word in form_words_missing("en", tmp_path)
